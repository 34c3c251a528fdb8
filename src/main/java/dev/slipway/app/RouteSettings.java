package dev.slipway.app;

import dev.slipway.model.Route;
import java.util.List;

/** A route and its targets. */
record RouteSettings(Route route, List<TargetSettings> targets) {}
