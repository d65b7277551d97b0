package io.billingsdk.server.privacy;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;

/** Persons over HTTP. Identifiers are in bodies alone: paths and queries are in logs. */
final class PrivacyRoutes {
  private static final String BASE = Route.BASE + "/privacy";
  private static final int REASON_CHARS = 256;

  private final Persons persons;

  PrivacyRoutes(Persons persons) {
    this.persons = persons;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", BASE + "/persons", this::register),
        Route.write("POST", BASE + "/exports", this::export).needing(RequiredScope.ADMIN),
        Route.write("POST", BASE + "/erasures", this::erase).needing(RequiredScope.ADMIN));
  }

  private ApiResponse register(Request request) {
    JsonBody body = request.body();
    String identifier = body.text("identifier", PersonName.IDENTIFIER_CHARS);
    body.end();
    return ApiResponse.ok(
        request
            .database()
            .inTransaction(handle -> persons.register(handle, identifier, request.actor())));
  }

  private ApiResponse export(Request request) {
    JsonBody body = request.body();
    PersonName name = PersonName.of(body);
    body.end();
    return ApiResponse.ok(
        request.database().inTransaction(handle -> persons.export(handle, name, request.actor())));
  }

  private ApiResponse erase(Request request) {
    JsonBody body = request.body();
    PersonName name = PersonName.of(body);
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    return ApiResponse.ok(
        request
            .database()
            .inTransaction(handle -> persons.erase(handle, name, reason, request.actor())));
  }
}
