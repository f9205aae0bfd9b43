"""The dispatch desk: what people do to cases, exactly once."""
