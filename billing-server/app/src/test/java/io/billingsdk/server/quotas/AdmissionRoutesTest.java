package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.HttpTestbed.Timed;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Admissions and quotas over HTTP, as a producer without an SDK and an operator use them. */
@Tag("postgres")
class AdmissionRoutesTest {
  private static final String ADMISSIONS = "/api/v1/admissions";
  private static final String SETTLE = ADMISSIONS + "/settle";
  private static final String STATE = "/api/v1/keys/k_1/quotas";
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int RELEASE_CALLS = 5_000;
  private static final int CALLS = RELEASE ? RELEASE_CALLS : 300;

  /** In the first calls the time is the compiler's. */
  private static final int WARM_UP = RELEASE ? 5_000 : 100;

  private final AtomicLong seq = new AtomicLong();
  private final UUID stream = UUID.randomUUID();
  private HttpTestbed api;
  private Database database;
  private KeyAdmin keys;
  private AdmittedLane lane;
  private String token;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    api = new HttpTestbed(directory);
    database = api.world().database();
    keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.createApp("other", "Other");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    limits(10, 100_000);
    token = api.token(Scope.INTAKE, null);
    Quotas quotas =
        new Quotas(database, new KeyQuotaSource(database), QuotaMeters.BY_FIELD, Clock.systemUTC());
    lane = new AdmittedLane(database, List.of(quotas.counters()), 0, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    lane.close();
    database.close();
    api.close();
  }

  private void limits(long calls, long usage) {
    keys.change(
        "k_1",
        terms ->
            terms.withQuotas(
                List.of(
                    Quota.unused("calls", BigDecimal.valueOf(calls), null, /* overage= */ false),
                    Quota.unused("usage", BigDecimal.valueOf(usage), null, /* overage= */ true))));
  }

  private Reply admit(String amount, String... headers) {
    String json = "{\"keyId\":\"k_1\",\"amount\":" + amount + "}";
    return api.send("POST", ADMISSIONS, token, json, headers);
  }

  private static String epoch(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("admitted").asBoolean()).as(reply.body()).isTrue();
    return reply.json().path("admission").path(0).asText();
  }

  private Reply settle(String epoch, String used) {
    return api.send(
        "POST", SETTLE, token, "{\"admission\":[\"" + epoch + "\"],\"used\":" + used + "}");
  }

  private JsonNode calls() {
    return api.get(STATE).json().path("items").path(0);
  }

  private void assertCalls(String used, String leased, String beyond) {
    JsonNode state = calls();
    assertThat(state.path("quota").asText()).isEqualTo("key/k_1/calls");
    assertThat(state.path("used").asText()).as("used").isEqualTo(used);
    assertThat(state.path("leased").asText()).as("leased").isEqualTo(leased);
    assertThat(state.path("beyondLeases").asText()).as("beyond").isEqualTo(beyond);
  }

  private void event(String... admission) throws Exception {
    var unused =
        lane.store(
            List.of(
                new Admitted(
                    stream,
                    "i-1",
                    seq.incrementAndGet(),
                    "k_1",
                    BigDecimal.ONE,
                    Instant.now(),
                    List.of(admission))));
  }

  private void expire() throws Exception {
    // As if the time of a reservation and the grace after it were over.
    api.world().execute("UPDATE quota_lease SET expires_at = now() - interval '16 seconds'");
  }

  @Test
  void check_looksAndDebitsNothing() {
    String check = "{\"keyId\":\"k_1\",\"amount\":10,\"check\":true}";
    assertThat(api.send("POST", ADMISSIONS, token, check).json().path("admitted").asBoolean())
        .isTrue();
    assertThat(api.send("POST", ADMISSIONS, token, check).json().has("admission")).isFalse();
    assertCalls("0", "0", "0");
    String more = "{\"keyId\":\"k_1\",\"amount\":10.5,\"check\":true}";
    JsonNode refused = api.send("POST", ADMISSIONS, token, more).json();
    assertThat(refused.path("reason").asText()).isEqualTo("QUOTA");
    assertThat(refused.path("retryAfterSeconds").asLong()).isPositive();
  }

  @Test
  void reserve_thenEventThenSettle_givesBackTheRest() throws Exception {
    String epoch = epoch(admit("4"));
    assertCalls("0", "4", "0");
    event(epoch);
    assertCalls("1", "3", "0");
    assertThat(settle(epoch, "1").status()).isEqualTo(200);

    assertCalls("1", "0", "0");
    assertThat(api.world().count("SELECT count(*) FROM quota_lease WHERE holding = 'done'"))
        .as("no grant adds it up any longer")
        .isOne();
  }

  @Test
  void reserve_thenSettleThenEvent_isTheSame_alsoWhenSettledTwice() throws Exception {
    String epoch = epoch(admit("4"));
    assertThat(settle(epoch, "1").status()).isEqualTo(200);
    assertCalls("0", "1", "0");
    assertThat(settle(epoch, "0").status()).as("it is settled already").isEqualTo(200);
    assertCalls("0", "1", "0");
    event(epoch);

    assertCalls("1", "0", "0");
  }

  @Test
  void reserve_cancelled_isThereForTheNext() {
    String epoch = epoch(admit("10"));
    assertThat(admit("1").json().path("admitted").asBoolean()).isFalse();
    assertThat(settle(epoch, "0").status()).isEqualTo(200);

    assertThat(epoch(admit("10"))).isNotEqualTo(epoch);
  }

  @Test
  void reserve_whatNobodySettled_isThereForTheNextAfterItsEnd_andALateEventIsBeyond()
      throws Exception {
    String epoch = epoch(admit("10"));
    JsonNode refused = admit("1").json();
    assertThat(refused.path("retryAfterSeconds").asLong()).isEqualTo(1);
    expire();
    assertThat(calls().path("remaining").asText()).as("nothing is stranded").isEqualTo("10");
    String next = epoch(admit("10"));
    event(epoch);

    assertThat(next).isNotEqualTo(epoch);
    assertCalls("1", "10", "1");
  }

  @Test
  void reserve_expiredOnesOfSeveralQuotas_areEndedWithTheirLoss() throws Exception {
    String epoch = epoch(admit("4"));
    assertThat(settle(epoch, "3").status()).isEqualTo(200);
    expire();
    var unused = epoch(admit("10"));

    assertThat(api.world().count("SELECT sum(lost)::bigint FROM quota_lease"))
        .as("said to be used, and never come")
        .isEqualTo(3);
    assertThat(api.world().count("SELECT count(*) FROM quota_lease WHERE holding = 'done'"))
        .isOne();
    assertThat(
            api.world()
                .count("SELECT sum(returned)::bigint FROM quota_lease WHERE holding = 'done'"))
        .isEqualTo(4);
  }

  @Test
  void reserve_repeatedWithItsIdempotencyKey_debitsOnce() {
    Reply first = admit("4", "Idempotency-Key", "call-1");
    Reply again = admit("4", "Idempotency-Key", "call-1");

    assertThat(epoch(again)).isEqualTo(epoch(first));
    assertCalls("0", "4", "0");
    assertThat(admit("5", "Idempotency-Key", "call-1").status())
        .as("the key of another request")
        .isEqualTo(422);
  }

  @Test
  void reserve_withATokenThatMayNot_isRefused() throws Exception {
    String json = "{\"keyId\":\"k_1\",\"amount\":1}";
    String foreign = api.token(Scope.READ, "acme");
    for (String each : List.of(api.readToken(), foreign)) {
      assertThat(api.send("POST", ADMISSIONS, each, json).status()).isEqualTo(403);
      assertThat(api.send("POST", SETTLE, each, "{\"admission\":[\"a\"],\"used\":0}").status())
          .isEqualTo(403);
    }
    assertThat(api.send("POST", ADMISSIONS, null, json).status()).isEqualTo(401);
    assertCalls("0", "0", "0");
  }

  @Test
  void reserve_ofABlockedAnExpiredAndAnUnknownKey_saysWhy() {
    keys.block("k_1", "abuse");
    assertThat(admit("1").json().path("reason").asText()).isEqualTo("BLOCKED");
    keys.unblock("k_1");
    keys.expire("k_1", Instant.now().minusSeconds(1));
    assertThat(admit("1").json().path("reason").asText()).isEqualTo("EXPIRED");
    String unknown = "{\"keyId\":\"k_9\",\"amount\":1}";

    assertThat(api.send("POST", ADMISSIONS, token, unknown).status()).isEqualTo(404);
  }

  @Test
  void settle_ofWhatIsNoReservation_changesNothing() {
    String epoch = epoch(admit("4"));
    for (String each : List.of("x", epoch.replace('-', '_'), "0000000000000000-1", epoch + "zz")) {
      assertThat(settle(each, "0").status()).as(each).isEqualTo(200);
    }
    assertCalls("0", "4", "0");
    assertThat(settle(epoch, "99").status()).as("more than the estimate").isEqualTo(200);
    assertCalls("0", "4", "0");
  }

  @Test
  void reserve_byManyAtOnce_admitsTheLimitAndNoMore() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      all.add(() -> admit("1").json().path("admitted").asBoolean());
    }
    long admitted = 0;
    for (Future<Boolean> each : threads.invokeAll(all)) {
      admitted += each.get() ? 1 : 0;
    }
    threads.shutdown();

    assertThat(admitted).isEqualTo(10);
    assertCalls("0", "10", "0");
  }

  @Test
  void grant_extendsUntilItsEnd_andIsAudited() {
    String until = Instant.now().plus(Duration.ofDays(1)).toString();
    String grant =
        "{\"quota\":\"key/k_1/calls\",\"amount\":5,\"until\":\"%s\",\"reason\":\"ticket\"}"
            .formatted(until);
    assertThat(api.send("POST", "/api/v1/quotas/grant", grant).status()).isEqualTo(200);
    var unused = epoch(admit("15"));

    assertThat(calls().path("extended").asText()).isEqualTo("5");
    assertThat(calls().path("remaining").asText()).isEqualTo("0");
    JsonNode audit = api.get("/api/v1/audit?action=quota.").json().path("items");
    assertThat(audit.path(0).path("action").asText()).isEqualTo("quota.grant");
  }

  @Test
  void grant_thatMakesNoSense_isRefusedWithItsField() {
    String good = "{\"quota\":\"%s\",\"amount\":%s,\"until\":\"%s\",\"reason\":\"%s\"}";
    String later = Instant.now().plus(Duration.ofDays(1)).toString();
    record Bad(String field, String quota, String amount, String until, String reason) {}
    for (Bad each :
        List.of(
            new Bad("quota", "key/k_1/tokens", "1", later, "x"),
            new Bad("amount", "key/k_1/calls", "0", later, "x"),
            new Bad("amount", "key/k_1/calls", "-1", later, "x"),
            new Bad("until", "key/k_1/calls", "1", "2020-01-01T00:00:00Z", "x"),
            new Bad("reason", "key/k_1/calls", "1", later, " "))) {
      Reply reply =
          api.send(
              "POST",
              "/api/v1/quotas/grant",
              good.formatted(each.quota(), each.amount(), each.until(), each.reason()));
      assertThat(reply.status()).as("%s", each).isBetween(400, 422);
      assertThat(reply.body()).as("%s", each).contains(each.field());
    }
    assertThat(calls().path("extended").asText()).isEqualTo("0");
  }

  @Test
  void release_endsWhatNobodySpendsFrom_andNothingElse() throws Exception {
    var unused = epoch(admit("4"));
    String release = "{\"quota\":\"key/k_1/calls\",\"reason\":\"host is gone\"}";
    assertThat(api.send("POST", "/api/v1/quotas/release", release).json().path("released").asLong())
        .as("it may still be used")
        .isZero();
    assertCalls("0", "4", "0");
    expire();
    assertThat(api.send("POST", "/api/v1/quotas/release", release).json().path("released").asLong())
        .isOne();

    assertCalls("0", "0", "0");
  }

  /** Beside a read in turn, which shows what the machine makes of any request. */
  @Test
  void admissions_oneAfterTheOther_takeSoLong() {
    limits(1_000_000, 1_000_000);
    List<Double> admissions = new ArrayList<>();
    List<Double> reads = new ArrayList<>();
    for (int i = -WARM_UP; i < CALLS; i++) {
      Timed read = api.timed("GET", "/api/v1/keys/k_1/refusals", api.readToken(), null);
      Timed admission = api.timed("POST", ADMISSIONS, token, "{\"keyId\":\"k_1\",\"amount\":1}");
      // As a producer does after its call.
      assertThat(settle(epoch(admission.reply()), "0").status()).isEqualTo(200);
      if (i >= 0) {
        reads.add(read.nanos() / 1e6);
        admissions.add(admission.nanos() / 1e6);
      }
    }
    Proof.sized("quota-speed", CALLS, RELEASE_CALLS)
        .with("admissions", CALLS)
        .with("http_p50_ms", percentile(admissions, 50))
        .with("http_p99_ms", percentile(admissions, 99))
        .with("read_p50_ms", percentile(reads, 50))
        .with("read_p99_ms", percentile(reads, 99))
        .with("target", "http_p99_ms<10")
        .print();
    assertThat(calls().path("leased").asLong()).isZero();
  }

  private static String percentile(List<Double> millis, int percent) {
    List<Double> sorted = millis.stream().sorted().toList();
    return String.format(Locale.ROOT, "%.1f", sorted.get(sorted.size() * percent / 100));
  }
}
