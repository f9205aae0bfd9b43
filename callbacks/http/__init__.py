"""Plain Flask routes: live events, views, figures, map data, health."""

from callbacks.http.bundles import BundleRoutes
from callbacks.http.desk_acts import DeskActRoutes
from callbacks.http.desk_reads import DeskReadRoutes
from callbacks.http.documents import DocumentRoutes
from callbacks.http.entry import EntryRoutes
from callbacks.http.figures import FigureRoutes
from callbacks.http.geometry import GeometryRoutes
from callbacks.http.handover import HandoverRoutes
from callbacks.http.health import HealthRoutes
from callbacks.http.live import LiveRoutes
from callbacks.http.photos import PhotoRoutes
from callbacks.http.ranking_proofs import RankingProofRoutes
from callbacks.http.rankings import RankingRoutes
from callbacks.http.rankings_export import RankingExportRoutes
from callbacks.http.sheets import SheetRoutes
from callbacks.http.spotlight import SpotlightRoutes

BLUEPRINTS = (
    LiveRoutes,
    FigureRoutes,
    GeometryRoutes,
    HealthRoutes,
    DeskReadRoutes,
    DeskActRoutes,
    SheetRoutes,
    DocumentRoutes,
    EntryRoutes,
    HandoverRoutes,
    PhotoRoutes,
    SpotlightRoutes,
    BundleRoutes,
    RankingRoutes,
    RankingProofRoutes,
    RankingExportRoutes,
)
