package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.statistics.Holders.Issued;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Users and guests, and what each of them used; in shapes that are given. */
final class PersonRoutes {
  /** So their paths begin. */
  static final String BASE = "/usage";

  private final Holders holders;
  private final ProfileStore profiles;
  private final Uses uses;
  private final InstantSource clock;

  PersonRoutes(Holders holders, ProfileStore profiles, InstantSource clock) {
    this.holders = holders;
    this.profiles = profiles;
    this.uses = new Uses(clock);
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.openChange(BASE + "/guests", this::guest).ignoringOthers(),
        Route.holder("POST", BASE + "/link", this::link).ignoringOthers(),
        Route.holder("DELETE", BASE + "/link", this::unlink).ignoringOthers(),
        Route.holder("GET", BASE + "/me", this::me).ignoringOthers(),
        Route.holder("GET", BASE + "/limits", this::limits).ignoringOthers(),
        Route.holder("GET", BASE + "/history", this::history)
            .query("bucket", "zone", "count")
            .ignoringOthers());
  }

  private ApiResponse guest(Request request) {
    Issued issued = holders.create(request.database(), PersonKind.GUEST);
    ObjectNode answer = SessionRoutes.success();
    answer.put("guest_id", issued.token());
    answer.put("expires_at", issued.expiresAt().toString());
    return ApiResponse.ok(answer);
  }

  /** Of a person, as a request asks for it. */
  private interface Asked {
    ApiResponse of(Handle handle, Person person, UsageProfile profile);
  }

  private ApiResponse asked(Request request, Asked asked) {
    return request
        .database()
        .read(
            handle ->
                asked.of(
                    handle,
                    HolderRequest.person(handle, holders, request),
                    profiles.current(handle).of(Audience.USERS)));
  }

  private ApiResponse me(Request request) {
    return asked(
        request,
        (handle, person, profile) ->
            ApiResponse.ok(figures(handle, person, profile, clock.instant())));
  }

  /** What a person used, with what those used who are the same. */
  static ObjectNode figures(Handle handle, Person person, UsageProfile profile, Instant now) {
    List<UUID> people = PersonRows.union(handle, person);
    Tally tally = TallyRows.total(handle, people, profile.name());
    return FigureWriter.of(tally, person, now).write(profile.figures());
  }

  private ApiResponse limits(Request request) {
    return asked(
        request,
        (handle, person, profile) -> {
          ObjectNode answer = JsonNodeFactory.instance.objectNode();
          uses.limits(handle, person, profile)
              .forEach(each -> answer.set(each.spec().name(), limit(each)));
          return ApiResponse.ok(answer);
        });
  }

  private static ObjectNode limit(LimitState state) {
    ObjectNode limit = JsonNodeFactory.instance.objectNode();
    limit.put("within_limit", state.isWithin());
    limit.set("limit", Json.number(state.limit()));
    limit.put("message", state.message());
    limit.set("used", Json.number(state.used()));
    limit.set("remaining", Json.number(state.remaining()));
    Instant resetsAt = state.resetsAt();
    limit.set(
        "resets_at",
        resetsAt == null
            ? NullNode.instance
            : JsonNodeFactory.instance.textNode(resetsAt.toString()));
    return limit;
  }

  private ApiResponse history(Request request) {
    HistoryQuestion question = HistoryQuestion.of(request, clock.instant());
    return asked(
        request,
        (handle, person, profile) ->
            ApiResponse.ok(
                UseHistory.of(handle, PersonRows.union(handle, person), profile, question)));
  }

  private ApiResponse link(Request request) {
    request
        .database()
        .useTransaction(
            handle -> {
              Pair pair = locked(handle, request);
              UUID user = pair.user().id();
              boolean isTheirs =
                  PersonRows.link(handle, pair.guest().id(), user)
                      .filter(linked -> linked.equals(user))
                      .isPresent();
              if (!isTheirs) {
                throw new ProblemException(
                    Problem.conflict(
                        HolderRequest.GUEST, "the guest has logged in as another user"));
              }
            });
    return ApiResponse.ok(SessionRoutes.success());
  }

  private ApiResponse unlink(Request request) {
    request
        .database()
        .useTransaction(
            handle -> {
              Pair pair = locked(handle, request);
              PersonRows.unlink(handle, pair.guest().id(), pair.user().id());
            });
    return ApiResponse.ok(SessionRoutes.success());
  }

  private record Pair(Person user, Person guest) {}

  /** A user and a guest, locked; neither of them was erased before. */
  private Pair locked(Handle handle, Request request) {
    Person user = HolderRequest.user(handle, holders, request);
    Person guest = HolderRequest.guest(handle, holders, request);
    PersonRows.lock(handle, List.of(user.id()));
    PersonRows.lock(handle, List.of(guest.id()));
    return new Pair(
        HolderRequest.user(handle, holders, request),
        HolderRequest.guest(handle, holders, request));
  }
}
