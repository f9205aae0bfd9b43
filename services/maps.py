"""Map data of a city as GeoJSON bytes: made once per map version and kept."""

import gzip
import json
import threading
from collections.abc import Iterable

from data_access import map_data
from data_access.store import Store


def _feature(geometry: str, properties: dict[str, object]) -> str:
    return f'{{"type":"Feature","properties":{json.dumps(properties, ensure_ascii=False)},"geometry":{geometry}}}'


def _collection(features: Iterable[str]) -> bytes:
    return gzip.compress(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode(), 6)


class CityMap:
    """The two map files of one city: `grids` (cells, in the order of the heat values) and `map` (everything else)."""

    def __init__(self, store: Store, city_number: int) -> None:
        self.store, self.city_number = store, city_number
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._lock = threading.Lock()

    def file(self, name: str, version: str) -> bytes:
        """gzip GeoJSON of `grids` or `map` at this map version. Raises KeyError for another name."""
        make = {"grids": self._grids, "map": self._features}[name]
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept[0] != version:
                kept = self._kept[name] = (version, make())
            return kept[1]

    def _grids(self) -> bytes:
        with self.store.picture() as connection:
            rows = map_data.grid_shapes(connection, self.city_number)
        return _collection(_feature(shape, {"key": key, "i": i}) for i, (key, shape) in enumerate(rows))

    def _features(self) -> bytes:
        with self.store.picture() as connection:
            features = map_data.features(connection, self.city_number)
            streets = map_data.street_shapes(connection, self.city_number)
        drawn = [_feature(shape, {"kind": kind, "name": name}) for kind, name, shape in features]
        drawn += [_feature(shape, {"kind": "street", "key": key, "name": name}) for key, name, shape in streets]
        return _collection(drawn)
