package io.billingsdk.server.statistics;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.Places;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.util.List;

/** Everything that is kept of somebody, to be taken away. */
final class ExportRoutes {
  private final Holders holders;
  private final Exports exports;

  ExportRoutes(Holders holders, Exports exports) {
    this.holders = holders;
    this.exports = exports;
  }

  List<Route> routes() {
    Places places = Exports.places();
    return List.of(
        Route.holder("GET", SessionRoutes.BASE + "/export", each -> of(each, Audience.SESSIONS))
            .query("session_id", "format", "bom", UsageTexts.PARAMETER)
            .lasting(places)
            .ignoringOthers(),
        Route.holder("GET", PersonRoutes.BASE + "/export", each -> of(each, Audience.USERS))
            .query("format", "bom", UsageTexts.PARAMETER)
            .lasting(places)
            .ignoringOthers());
  }

  private ApiResponse of(Request request, Audience audience) {
    return exports.of(request, HolderRequest.lasting(holders, request, audience));
  }
}
