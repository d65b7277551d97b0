package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.QuotaTerms.Mode;
import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.quotas.Admissions.Admission;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each case of the file, by the services behind the routes and the leases. */
@Tag("postgres")
class QuotaCasesTest {
  private static final String FILE = "/quota-cases.jsonl";
  private static final String QUOTA = "customer/acme/usage";
  private static final Pattern FIRST_SPENDS = Pattern.compile("first lease spends ([0-9.]+),.*");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T12:00:00Z"));
  private Database database;
  private Database requests;
  private final FixedQuotas source = new FixedQuotas();
  private Quotas quotas;
  private int quotaNumber;
  private String quota = QUOTA;

  @BeforeEach
  void start() throws Exception {
    World world = Testbed.get().world();
    database = world.database();
    // As of a server: requests have connections of their own.
    requests = Database.forRequests(world.server());
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k", "sk", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    quotas = new Quotas(database, source, QuotaMeters.BY_FIELD, clock);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    requests.close();
    database.close();
  }

  /** Those of the file, or of another one that {@code -Dcases.file} names. */
  private static List<JsonNode> cases() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (String line : text().lines().toList()) {
      JsonNode one = new ObjectMapper().readTree(line);
      if (one.path("topic").asText().startsWith("quota.")) {
        cases.add(one);
      }
    }
    return cases;
  }

  private static String text() throws IOException {
    String other = System.getProperty("cases.file");
    if (other != null) {
      return Files.readString(Path.of(other));
    }
    try (InputStream in =
        Objects.requireNonNull(QuotaCasesTest.class.getResourceAsStream(FILE), FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void cases_ofQuotas_giveTheAmountsOfTheirSources() throws Exception {
    Map<String, Integer> topics = new TreeMap<>();
    int skipped = 0;
    for (JsonNode each : cases()) {
      String topic = each.path("topic").asText();
      Map<String, String> found = found(topic, each);
      if (found == null) {
        skipped++;
        continue;
      }
      each.path("then")
          .properties()
          .forEach(
              expected ->
                  assertThat(found.get(expected.getKey()))
                      .as("%s of %s", expected.getKey(), each.path("id"))
                      .isEqualTo(text(expected.getValue())));
      topics.merge(topic, 1, Integer::sum);
    }
    Proof proof =
        Proof.of("rating-cases").with("cases", topics.values().stream().mapToInt(n -> n).sum());
    topics.forEach(proof::with);
    proof.with("skipped", skipped).print();
    assertThat(skipped).isZero();
    assertThat(topics).isNotEmpty();
  }

  private @Nullable Map<String, String> found(String topic, JsonNode one) throws Exception {
    return switch (topic) {
      case "quota.concurrent_reservations" -> reservations(one);
      case "quota.leases" -> leases(one);
      default -> null;
    };
  }

  private static String text(JsonNode node) {
    return node.isValueNode() ? node.asText() : node.toString();
  }

  private void limit(String amount) {
    quota = QUOTA + quotaNumber++;
    source.with("k", FixedQuotas.rule(quota, "usage", amount, Mode.HARD, FixedQuotas.MONTHS));
  }

  private QuotaState state() {
    return new QuotaAdmin(database, source, clock, new Actor("tester"))
        .ofCustomer("acme").stream()
            .filter(each -> each.rule().id().equals(quota))
            .findFirst()
            .orElseThrow();
  }

  /** All at once, so that they wait for each other and not for a look. */
  private Map<String, String> reservations(JsonNode one) throws Exception {
    limit(one.at("/given/limit").asText());
    BigDecimal amount = new BigDecimal(one.at("/given/reservation").asText());
    int count = one.at("/when/simultaneous").asInt();
    CyclicBarrier together = new CyclicBarrier(count);
    List<Future<Admission>> asked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      asked.add(
          threads.submit(
              (Callable<Admission>)
                  () -> {
                    int unused = together.await(60, TimeUnit.SECONDS);
                    return new Admissions(requests, quotas).reserve("k", "usage", amount);
                  }));
    }
    long granted = 0;
    for (Future<Admission> each : asked) {
      granted += each.get().isAdmitted() ? 1 : 0;
    }
    QuotaState state = state();
    return Map.of(
        "granted", Long.toString(granted),
        "denied", Long.toString(count - granted),
        "held", plain(state.leased()),
        "left", plain(Objects.requireNonNull(state.remaining())));
  }

  /** Each lease is that of an instance; the second comes while the first is out. */
  private Map<String, String> leases(JsonNode one) throws Exception {
    String balance = one.at("/given/balance").asText();
    limit(balance);
    List<String> granted = new ArrayList<>();
    BigDecimal most = BigDecimal.ZERO;
    UUID first = UUID.randomUUID();
    @Nullable String epoch = null;
    for (JsonNode wanted : one.at("/when/leases")) {
      boolean isFirst = granted.isEmpty();
      BigDecimal want = new BigDecimal(wanted.asText());
      LeaseTerms terms =
          ask(
              "i-" + granted.size(),
              isFirst ? first : UUID.randomUUID(),
              1,
              new QuotaAsk(quota, null, BigDecimal.ZERO, want, Holding.OPEN, null));
      epoch = isFirst ? terms.epoch() : epoch;
      most = most.max(state().leased());
      // A case names both answers that are right.
      boolean isWhole = terms.granted().compareTo(want) == 0;
      assertThat(terms.granted()).isLessThanOrEqualTo(new BigDecimal(balance));
      granted.add(isWhole ? plain(want) : expectedOfLess(one, granted.size(), terms.granted()));
    }
    Matcher spends = FIRST_SPENDS.matcher(one.at("/when/then").asText());
    assertThat(spends.matches()).as(one.at("/when/then").asText()).isTrue();
    BigDecimal spent = new BigDecimal(spends.group(1));
    String held = Objects.requireNonNull(epoch);
    try (AdmittedLane lane = new AdmittedLane(database, List.of(quotas.counters()), 1, clock)) {
      int stored =
          lane.store(
              List.of(new Admitted(first, "i-0", 1, "k", spent, clock.instant(), List.of(held))));
      assertThat(stored).isEqualTo(1);
    }
    var unused =
        ask("i-0", first, 2, new QuotaAsk(quota, held, spent, BigDecimal.ZERO, Holding.DONE, null));
    QuotaState after = state();
    BigDecimal left = Objects.requireNonNull(after.remaining()).add(after.leased());
    return Map.of(
        "granted", new ObjectMapper().valueToTree(granted).toString(),
        "balance_after_release", plain(left),
        "never",
            most.compareTo(new BigDecimal(balance)) <= 0
                ? one.at("/then/never").asText()
                : most + "");
  }

  /** Refused, or cut to what is left: the text of the case that says so. */
  private static String expectedOfLess(JsonNode one, int index, BigDecimal granted) {
    String text = one.at("/then/granted").get(index).asText();
    boolean isNamed =
        granted.signum() == 0
            ? text.contains("refused")
            : text.contains("cut to " + plain(granted));
    return isNamed ? text : "granted " + plain(granted);
  }

  private LeaseTerms ask(String instance, UUID stream, long number, QuotaAsk ask) {
    return quotas
        .instances()
        .ask(instance, new LeaseQuestion(number, stream, List.of(ask), List.of(), List.of()))
        .get(0)
        .leases()
        .get(0);
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
