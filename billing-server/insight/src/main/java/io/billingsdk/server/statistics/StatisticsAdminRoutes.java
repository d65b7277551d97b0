package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.statistics.Holders.Issued;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What operators and the back ends of applications do: tokens of users, profiles, all figures. */
final class StatisticsAdminRoutes {
  private static final String OWN = Route.BASE + "/statistics";
  private static final String ADMIN = PersonRoutes.BASE + "/admin";
  private static final int ID_CHARS = 256;
  private static final int REASON_CHARS = 256;
  private static final long DAY_HOURS = 24;
  private static final long MOST_HOURS = 24 * 365;

  private final Holders holders;
  private final ProfileStore profiles;
  private final InstantSource clock;

  StatisticsAdminRoutes(Holders holders, ProfileStore profiles, InstantSource clock) {
    this.holders = holders;
    this.profiles = profiles;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.read(ADMIN + "/user/{user_id}", this::user)
            .needing(RequiredScope.ADMIN)
            .ignoringOthers(),
        Route.write("DELETE", ADMIN + "/user/{user_id}", this::erase)
            .needing(RequiredScope.ADMIN)
            .ignoringOthers(),
        Route.read(ADMIN + "/analytics", this::analytics)
            .needing(RequiredScope.ADMIN)
            .ignoringOthers(),
        Route.write("POST", OWN + "/user-tokens", this::token),
        Route.write("POST", OWN + "/keys", this::rotate).needing(RequiredScope.ADMIN),
        Route.write("POST", OWN + "/profiles", this::give),
        Route.read(OWN + "/profiles", this::inForce));
  }

  private Person found(Handle handle, Request request) {
    return holders
        .user(handle, request.path("user_id"))
        .orElseThrow(
            () ->
                new ProblemException(Problem.notFound("user_id", "there is no user of this name")));
  }

  private ApiResponse user(Request request) {
    return request
        .database()
        .read(
            handle ->
                ApiResponse.ok(
                    PersonRoutes.figures(
                        handle,
                        found(handle, request),
                        profiles.current(handle).of(Audience.USERS),
                        clock.instant())));
  }

  private ApiResponse erase(Request request) {
    request
        .database()
        .useTransaction(
            handle -> {
              Person person = found(handle, request);
              PersonRows.erase(handle, person.id(), clock.instant());
              // Not by the name, which is to be forgotten.
              AuditLog.write(
                  handle,
                  request.actor(),
                  "statistics.user.erase",
                  Person.session(person.id()),
                  null,
                  null);
            });
    return ApiResponse.ok(SessionRoutes.success());
  }

  private ApiResponse analytics(Request request) {
    return request
        .database()
        .read(
            handle -> {
              UsageProfile profile = profiles.current(handle).of(Audience.USERS);
              Figure.Group asked = profile.analytics();
              Tally tally = TallyRows.ofAll(handle, profile.name());
              FigureWriter writer =
                  new FigureWriter(tally, null, PersonRows.counts(handle), clock.instant());
              return ApiResponse.ok(writer.write(asked == null ? profile.figures() : asked));
            });
  }

  private ApiResponse token(Request request) {
    JsonBody body = request.body();
    String userId = body.text("userId", ID_CHARS);
    long hours = body.whole("hours", 1, MOST_HOURS).orElse(DAY_HOURS);
    body.end();
    Issued issued =
        request
            .database()
            .inTransaction(
                handle -> {
                  Issued made = holders.ofUser(handle, userId, Duration.ofHours(hours));
                  AuditLog.write(
                      handle,
                      request.actor(),
                      "statistics.token.create",
                      Person.session(made.person().id()),
                      null,
                      Map.of("expiresAt", made.expiresAt().toString()));
                  return made;
                });
    return ApiResponse.ok(
        Map.of("token", issued.token(), "expiresAt", issued.expiresAt().toString()));
  }

  private ApiResponse rotate(Request request) {
    JsonBody body = request.body();
    long hours = body.whole("overlapHours", 0, MOST_HOURS).orElse(DAY_HOURS);
    body.end();
    int key =
        request
            .database()
            .inTransaction(
                handle -> holders.rotate(handle, Duration.ofHours(hours), request.actor()));
    return ApiResponse.ok(Map.of("keyNo", key));
  }

  private ApiResponse give(Request request) {
    JsonNode body = request.tree();
    JsonNode reason = body.path("reason");
    if (!reason.isTextual()
        || reason.textValue().isBlank()
        || reason.textValue().length() > REASON_CHARS) {
      throw Request.invalid("reason", "a text of 1 to " + REASON_CHARS + " characters");
    }
    UsageProfile profile = read(body.path("file"));
    request
        .database()
        .useTransaction(
            handle -> {
              ProfileStore.add(
                  handle,
                  profile,
                  body.path("file").toString(),
                  reason.textValue(),
                  request.actor().name());
              AuditLog.write(
                  handle,
                  request.actor(),
                  "statistics.profile.import",
                  profile.name(),
                  null,
                  Map.of("reason", reason.textValue()));
            });
    return ApiResponse.ok(view(profile));
  }

  private static UsageProfile read(JsonNode file) {
    try {
      return ProfileReader.read(file);
    } catch (ProfileException wrong) {
      throw Request.invalid("file." + Request.shown(wrong.place()), wrong.expected());
    }
  }

  private ApiResponse inForce(Request request) {
    return request
        .database()
        .read(
            handle ->
                ApiResponse.ok(
                    Map.of(
                        "items",
                        profiles.current(handle).byAudience().values().stream()
                            .map(StatisticsAdminRoutes::view)
                            .toList())));
  }

  private static ObjectNode view(UsageProfile profile) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    view.put("profile", profile.name());
    view.put("audience", profile.audience().name().toLowerCase(Locale.ROOT));
    view.put("zone", profile.zone().getId());
    profile.events().keySet().forEach(view.putArray("events")::add);
    profile.counters().keySet().forEach(view.putArray("counters")::add);
    return view;
  }
}
