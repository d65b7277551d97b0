package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.statistics.TestTokens;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a token sees and changes what is theirs alone, by each route that the router has. */
@Tag("postgres")
class StatsIsolationTest {
  /** Of the one whom nobody else may see. */
  private static final String CANARY = "canary-4711";

  private static final String UPLOAD =
      "{\"event_type\":\"file_upload\",\"metadata\":{\"size\":47114711,\"processing_type\":\"%s\"}}";

  private static final String IMAGE =
      "{\"session_id\":\"%s\",\"event_type\":\"file_upload\","
          + "\"metadata\":{\"kind\":\"image\",\"size\":47114711,\"type\":\"%s\"}}";

  @TempDir Path directory;

  private HttpTestbed http;
  private StatisticsRequests requests;
  private TestTokens tokens;
  private int sent;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    requests = new StatisticsRequests(http);
    tokens = new TestTokens(http.secrets());
  }

  @AfterEach
  void stop() {
    http.close();
  }

  /** By which token somebody comes. */
  private record Shown(@Nullable String user, @Nullable String guest, @Nullable String session) {}

  private Reply call(Route route, Shown shown) {
    sent++;
    List<String> headers = new ArrayList<>();
    if (shown.user() != null) {
      headers.addAll(List.of("Authorization", "Bearer " + shown.user()));
    }
    if (shown.guest() != null) {
      headers.addAll(List.of("X-Guest-ID", shown.guest()));
    }
    boolean ofSessions = route.path().startsWith("/api/usage/");
    String body = null;
    String path = route.path();
    if (route.method().equals("POST") && path.endsWith("/record")) {
      body = ofSessions ? IMAGE.formatted(shown.session(), "other") : UPLOAD.formatted("other");
    } else if (ofSessions && shown.session() != null) {
      path += "?format=json&session_id=" + shown.session();
    } else {
      path += "?format=json";
    }
    if (path.contains("/live?")) {
      try (EventLines lines = http.open(path)) {
        String first = lines.next(lines.status() == 200 ? "data:" : "{");
        return new Reply(lines.status(), "text/event-stream", first, null);
      }
    }
    return http.send(route.method(), path, null, body, headers.toArray(String[]::new));
  }

  private List<Route> routes() {
    return http.routes().stream().filter(each -> each.access() == RequiredScope.HOLDER).toList();
  }

  /** Whether a route is of sessions, of guests and users, or of both tokens at once. */
  private static boolean isOfSessions(Route route) {
    return route.path().startsWith("/api/usage/");
  }

  @Test
  void tokens_forgedExpiredSwappedOrForeign_showNothingOfAnother() {
    Set<String> tested = new TreeSet<>();
    int refused = 0;
    int foreign = 0;
    for (Route route : routes()) {
      String session = requests.session();
      String user = requests.user("ann-" + sent);
      String guest = requests.guest();
      use(user, guest, session);
      List<Shown> bad =
          isOfSessions(route)
              ? badSessions(session, user, guest)
              : badPersons(session, user, guest);
      for (Shown each : bad) {
        Reply reply = call(route, each);
        assertThat(reply.status()).as("%s %s: %s", route.path(), each, reply.body()).isIn(401, 403);
        assertThat(reply.body()).as(route.path()).doesNotContain(CANARY, "47114711");
        refused++;
      }
      Shown other =
          isOfSessions(route)
              ? new Shown(null, null, requests.session())
              : new Shown(requests.user("bob-" + sent), requests.guest(), null);
      Reply reply = call(route, other);
      assertThat(reply.status()).as("%s: %s", route.path(), reply.body()).isEqualTo(200);
      assertThat(reply.body()).as(route.path()).doesNotContain(CANARY);
      foreign++;
      requireUnchanged(user, session);
      tested.add(route.method() + " " + route.path());
    }
    Set<String> all =
        routes().stream()
            .map(each -> each.method() + " " + each.path())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(tested).isEqualTo(all).hasSizeGreaterThan(9);
    Proof.of("stats-isolation")
        .with("routes", tested.size())
        .with("requests", sent)
        .with("refused", refused)
        .with("of_others", foreign)
        .with("leaks", 0)
        .print();
  }

  /** The pages go by a cookie or a link, and their live figures too. */
  @Test
  void pages_byTokensThatAreForgedExpiredOrForeign_showNothingOfAnother() {
    int refused = 0;
    int foreign = 0;
    Set<String> tested = new TreeSet<>();
    for (Route route : pages()) {
      String session = requests.session();
      String user = requests.user("ann-" + sent);
      String guest = requests.guest();
      use(user, guest, session);
      for (String own : List.of(session, user, guest)) {
        for (String bad :
            List.of(
                forged(own),
                tokens.expired(own),
                tokens.ofAnotherKey(own),
                http.writeToken(),
                "x")) {
          Reply reply = open(route, bad);
          assertThat(reply.status()).as("%s: %s", route.path(), reply.body()).isIn(401, 403);
          assertThat(reply.body()).doesNotContain(CANARY, "47114711", "47,114,711");
          refused++;
        }
      }
      for (String other :
          List.of(requests.session(), requests.user("bob-" + sent), requests.guest())) {
        Reply reply = open(route, other);
        assertThat(reply.status()).as(route.path()).isIn(200, 303);
        assertThat(reply.body()).doesNotContain(CANARY, "47114711", "47,114,711");
        foreign++;
      }
      tested.add(route.method() + " " + route.path());
    }
    assertThat(tested)
        .containsExactlyInAnyOrder("GET /usage.html", "POST /usage.html", "GET /usage.html/live");
    Proof.of("stats-isolation")
        .with("part", "pages")
        .with("routes", tested.size())
        .with("refused", refused)
        .with("of_others", foreign)
        .with("leaks", 0)
        .print();
  }

  private List<Route> pages() {
    return http.pages().stream().filter(each -> each.access() == RequiredScope.HOLDER).toList();
  }

  private Reply open(Route route, String token) {
    sent++;
    if (route.method().equals("POST")) {
      return http.send(
          "POST",
          route.path(),
          null,
          "token=" + token,
          "Content-Type",
          "application/x-www-form-urlencoded");
    }
    String cookie = "__Secure-billing-usage=" + token;
    if (route.places() != null) {
      try (EventLines lines = http.open(route.path(), "Cookie", cookie)) {
        String first = lines.next(lines.status() == 200 ? "data:" : "{");
        return new Reply(lines.status(), "text/event-stream", first, null);
      }
    }
    return http.send("GET", route.path(), null, null, "Cookie", cookie);
  }

  private void use(String user, String guest, String session) {
    assertThat(record(user, null, CANARY).status()).isEqualTo(200);
    assertThat(record(null, guest, CANARY).status()).isEqualTo(200);
    String image = IMAGE.formatted(session, CANARY);
    assertThat(http.send("POST", "/api/usage/record", null, image).status()).isEqualTo(200);
  }

  private Reply record(@Nullable String user, @Nullable String guest, String type) {
    return record(user, guest, type, "47114711");
  }

  private Reply small(@Nullable String user, @Nullable String guest, String type) {
    return record(user, guest, type, "1000");
  }

  private Reply record(@Nullable String user, @Nullable String guest, String type, String size) {
    String[] headers =
        user != null
            ? new String[] {"Authorization", "Bearer " + user}
            : new String[] {"X-Guest-ID", "" + guest};
    String body = UPLOAD.formatted(type).replace("47114711", size);
    return http.send("POST", "/usage/record", null, body, headers);
  }

  private List<Shown> badSessions(String session, String user, String guest) {
    return List.of(
        new Shown(null, null, forged(session)),
        new Shown(null, null, tokens.expired(session)),
        new Shown(null, null, tokens.ofAnotherKey(session)),
        new Shown(null, null, user),
        new Shown(null, null, guest),
        new Shown(user, guest, http.writeToken()),
        new Shown(user, guest, "anything"));
  }

  private List<Shown> badPersons(String session, String user, String guest) {
    return List.of(
        new Shown(null, null, null),
        new Shown(forged(user), guest, null),
        new Shown(tokens.expired(user), guest, null),
        new Shown(tokens.ofAnotherKey(user), guest, null),
        new Shown(session, guest, null),
        new Shown(guest, guest, null),
        new Shown(http.writeToken(), guest, null),
        new Shown(null, forged(guest), null),
        new Shown(null, tokens.expired(guest), null),
        new Shown(null, user, null),
        new Shown(null, session, null),
        new Shown(null, "guest-of-a-browser", null));
  }

  private static String forged(String token) {
    char last = token.charAt(token.length() - 2);
    return token.substring(0, token.length() - 2)
        + (last == 'A' ? 'B' : 'A')
        + token.substring(token.length() - 1);
  }

  @Test
  void token_withALetterInTheOtherCase_isRefused_alsoOnTheConnectionOfTheToken() {
    String user = requests.user("ann");
    int refused = 0;
    for (int i = user.indexOf('.') + 1; i < user.length(); i++) {
      char letter = user.charAt(i);
      if (Character.isLetter(letter)) {
        char other =
            Character.isUpperCase(letter)
                ? Character.toLowerCase(letter)
                : Character.toUpperCase(letter);
        assertThat(statusOf(user)).isEqualTo(200);
        String forged = user.substring(0, i) + other + user.substring(i + 1);
        assertThat(statusOf(forged)).as("letter %d", i).isEqualTo(403);
        refused++;
      }
    }
    assertThat(http.send("GET", "/api/v1/apps", http.writeToken(), null).status()).isEqualTo(200);
    String operators = http.writeToken().toUpperCase(Locale.ROOT);
    assertThat(http.send("GET", "/api/v1/apps", operators, null).status()).isEqualTo(401);
    Proof.of("stats-isolation").with("part", "case").with("refused", refused).print();
  }

  private int statusOf(String user) {
    return http.send("GET", "/usage/me", null, null, "Authorization", "Bearer " + user).status();
  }

  private JsonNode me(String header, String value) {
    return http.send("GET", "/usage/me", null, null, header, value).json();
  }

  /** What another one did is not theirs. */
  private void requireUnchanged(String user, String session) {
    JsonNode figures = me("Authorization", "Bearer " + user);
    assertThat(figures.path("total_files_uploaded").asInt()).isEqualTo(1);
    assertThat(figures.path("processing_types_breakdown").path(CANARY).asInt()).isEqualTo(1);
    JsonNode stats =
        http.send("GET", "/api/usage/stats?session_id=" + session, null, null).json().path("stats");
    assertThat(stats.path("files").path("image_count").asInt()).isEqualTo(1);
  }

  @Test
  void guest_whoLogsIn_hasTheUnionOfBoth_andNoOtherQuota_untilItIsTakenBack() {
    String user = requests.user("ann");
    String guest = requests.guest();
    for (int i = 0; i < 3; i++) {
      assertThat(small(null, guest, "split").status()).isEqualTo(200);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(small(user, null, "noise").status()).isEqualTo(200);
    }
    requireUsed(user, 2, 1);

    link("POST", user, guest, 200);
    requireUsed(user, 5, 2);
    assertThat(me("X-Guest-ID", guest).path("total_files_uploaded").asInt())
        .as("the guest's token shows the guest's own")
        .isEqualTo(3);
    link("POST", user, guest, 200);
    link("POST", requests.user("bob"), guest, 409);
    assertThat(small(null, guest, "split").status()).isEqualTo(200);
    requireUsed(user, 6, 2);

    link("DELETE", user, guest, 200);
    requireUsed(user, 2, 1);
    link("POST", requests.user("bob"), guest, 200);
    Proof.of("stats-isolation").with("part", "login").with("union_wrong", 0).print();
  }

  private void link(String method, String user, String guest, int status) {
    Reply reply =
        http.send(
            method,
            "/usage/link",
            null,
            null,
            "Authorization",
            "Bearer " + user,
            "X-Guest-ID",
            guest);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
  }

  private void requireUsed(String user, int files, int types) {
    JsonNode figures = me("Authorization", "Bearer " + user);
    assertThat(figures.path("total_files_uploaded").asInt()).isEqualTo(files);
    assertThat(figures.path("processing_types_breakdown")).hasSize(types);
    JsonNode limits =
        http.send("GET", "/usage/limits", null, null, "Authorization", "Bearer " + user).json();
    assertThat(limits.path("files_per_day").path("used").asInt()).isEqualTo(files);
    assertThat(limits.path("files_per_day").path("remaining").asInt()).isEqualTo(100 - files);
  }

  @Test
  void erased_isForgotten_andTheSumsOfAllStay() {
    String user = requests.user("ann");
    assertThat(record(user, null, CANARY).status()).isEqualTo(200);
    String before = analytics().path("total_storage_mb").asText();

    Reply erased = http.send("DELETE", "/usage/admin/user/ann", http.writeToken(), null);
    assertThat(erased.status()).as(erased.body()).isEqualTo(200);

    assertThat(
            http.send("GET", "/usage/me", null, null, "Authorization", "Bearer " + user).status())
        .isEqualTo(401);
    assertThat(http.send("GET", "/usage/admin/user/ann", http.writeToken(), null).status())
        .isEqualTo(404);
    assertThat(analytics().path("total_storage_mb").asText()).isEqualTo(before);
    assertThat(analytics().path("total_users").asInt()).isZero();
    assertThat(
            me("Authorization", "Bearer " + requests.user("ann"))
                .path("total_files_uploaded")
                .asInt())
        .as("somebody new")
        .isZero();
  }

  private JsonNode analytics() {
    return http.send("GET", "/usage/admin/analytics", http.writeToken(), null).json();
  }

  @Test
  void key_thatIsChanged_signsNewTokens_andOldOnesAreGoodForTheirTime() {
    String guest = requests.guest();
    assertThat(http.send("POST", "/api/v1/statistics/keys", "{\"overlapHours\":1}").status())
        .isEqualTo(200);
    assertThat(status(guest)).isEqualTo(200);
    String newer = requests.guest();
    assertThat(http.send("POST", "/api/v1/statistics/keys", "{\"overlapHours\":0}").status())
        .isEqualTo(200);
    assertThat(status(newer)).isEqualTo(401);
    assertThat(status(guest)).as("its time has not come").isEqualTo(200);
    assertThat(status(requests.guest())).isEqualTo(200);
  }

  private int status(String guest) {
    return http.send("GET", "/usage/me", null, null, "X-Guest-ID", guest).status();
  }
}
