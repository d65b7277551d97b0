package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.statistics.Holders.Issued;
import io.billingsdk.server.statistics.LiveStream.Seen;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Sessions, and what each of them used; in shapes that are given. */
final class SessionRoutes {
  /** So their paths begin. */
  static final String BASE = "/api/usage";

  private final Holders holders;
  private final ProfileStore profiles;
  private final InstantSource clock;

  SessionRoutes(Holders holders, ProfileStore profiles, InstantSource clock) {
    this.holders = holders;
    this.profiles = profiles;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.openChange(BASE + "/sessions", this::start).ignoringOthers(),
        Route.holder("GET", BASE + "/stats", this::stats).query("session_id").ignoringOthers(),
        Route.holder("GET", BASE + "/live", this::live)
            .query("session_id")
            .lasting(LiveStatistics.places())
            .ignoringOthers());
  }

  private ApiResponse start(Request request) {
    Issued issued = holders.create(request.database(), PersonKind.SESSION);
    ObjectNode answer = success();
    answer.put("session_id", issued.token());
    answer.put("expires_at", issued.expiresAt().toString());
    return ApiResponse.ok(answer);
  }

  private ApiResponse stats(Request request) {
    return request
        .database()
        .read(
            handle ->
                ApiResponse.ok(
                    seen(handle, HolderRequest.session(handle, holders, request)).answer()));
  }

  private Seen seen(Handle handle, Person person) {
    UsageProfile profile = profiles.current(handle).of(Audience.SESSIONS);
    Tally tally = TallyRows.total(handle, List.of(person.id()), profile.name());
    ObjectNode answer = success();
    answer.set("stats", FigureWriter.of(tally, person, clock.instant()).write(profile.figures()));
    return new Seen(tally, answer);
  }

  private ApiResponse live(Request request) {
    return LiveStatistics.of(
        request, HolderRequest.lasting(holders, request, Audience.SESSIONS), this::seen);
  }

  static ObjectNode success() {
    return JsonNodeFactory.instance.objectNode().put("success", true);
  }
}
