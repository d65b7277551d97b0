package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.testbed.Proof;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that are killed between any two steps of a charge and of a refund, with answers that are
 * lost, doubled, late or errors meanwhile. The provider is a process of its own, which survives;
 * its books are compared: {@code -Dsize=release}, {@code -Dcrash.seed}.
 */
@Tag("postgres")
@Tag("crash")
class PaymentCrashTest {
  private static final List<Failpoint> POINTS = List.of(Failpoint.values());
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));

  /** Of each of the two providers. */
  private static final int KILLS = RELEASE ? 150 : 15;

  private static final int DAY = 60 * 24;

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Failpoint, Integer> killedAt = new EnumMap<>(Failpoint.class);
  private final Map<Fault, Integer> met = new EnumMap<>(Fault.class);
  private URI fake = URI.create("http://127.0.0.1");
  private ProviderName name = ProviderName.STRIPE;

  @ParameterizedTest
  @EnumSource(
      value = ProviderName.class,
      names = {"STRIPE", "PAYPAL"})
  void server_thatDiesBetweenAnyTwoSteps_chargesAndRefundsOnce(ProviderName which)
      throws Exception {
    name = which;
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("payment-crash provider=" + name.text() + " seed=" + seed);
    Random random = new Random(seed);
    Class<?> main = name == ProviderName.STRIPE ? FakeStripe.class : FakePayPal.class;
    Process provider = java(main, "fake-" + name.text(), List.of(), "");
    try (BufferedReader out = provider.inputReader(StandardCharsets.UTF_8);
        ProviderWorld world = new ProviderWorld(directory)) {
      fake = URI.create("http://127.0.0.1:" + String.valueOf(out.readLine()).split(" ", 2)[1]);
      int kills = 0;
      int runs = 0;
      while ((kills < KILLS || points() < POINTS.size()) && runs < 3 * KILLS) {
        Failpoint point = POINTS.get(runs % POINTS.size());
        // A fault may keep a server from its failpoint: the second time there is none until it is.
        boolean isOwed = runs >= POINTS.size() && killedAt.getOrDefault(point, 0) == 0;
        Fault fault = isOwed ? Fault.NONE : FAULTS.get(random.nextInt(FAULTS.size()));
        kills += isKilled(world, "i-" + runs, point, fault) ? 1 : 0;
        runs++;
      }
      settle(world);
      judge(world, runs, seed);
      declined(world);
      contract();
    } finally {
      provider.destroyForcibly();
    }
  }

  private long points() {
    return killedAt.values().stream().filter(each -> each > 0).count();
  }

  private static int sum(Map<?, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** One run; true when it was killed at its failpoint. */
  private boolean isKilled(ProviderWorld world, String number, Failpoint point, Fault fault)
      throws Exception {
    String customer = "c-" + number;
    world.customer(customer);
    world.method(customer, name, name == ProviderName.STRIPE ? "pm_ok" : FakePayPal.OK);
    world.invoice(customer, number, "100");
    post(FakeProvider.FAULTS, Fault.NONE.name());
    String payment = "";
    if (!point.name().startsWith("CHARGE")) {
      ChargeResult unused = parts(world, Instant.now()).charges().charge(number, 1);
      payment = String.valueOf(world.charge(number, 1).paymentId());
    }
    post(FakeProvider.FAULTS, fault.name());
    met.merge(fault, fault == Fault.NONE ? 0 : 1, Integer::sum);
    var address = world.http.world().server();
    Process child =
        java(
            ChargeChild.class,
            "charge-child",
            List.of(
                address.url(),
                address.user(),
                name.text(),
                fake.toString(),
                directory.resolve("own").toString(),
                number,
                point.name(),
                payment),
            address.password());
    boolean isReached;
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      isReached = out.lines().anyMatch(line -> line.equals(ChargeChild.REACHED + point));
      // SIGKILL: nothing of it runs after this.
      child.destroyForcibly();
    }
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    killedAt.merge(point, isReached ? 1 : 0, Integer::sum);
    return isReached;
  }

  /** Reconciles, also after the provider has forgotten keys. */
  private void settle(ProviderWorld world) throws Exception {
    Instant now = Instant.now();
    for (int minutes : new int[] {5, 20, 90, DAY, DAY + 120, DAY + 360}) {
      if (minutes == DAY) {
        post(FakeProvider.FORGOTTEN, "");
      }
      parts(world, now.plus(Duration.ofMinutes(minutes))).reconciler().run();
    }
  }

  private void judge(ProviderWorld world, int runs, long seed) throws Exception {
    JsonNode books = FakeProvider.tree(post(FakeProvider.BOOKS, ""));
    List<String> charged = paid(books.path("payments"), "intent");
    List<String> refunded = paid(books.path("refunds"), "ours");
    int chargedTwice = charged.size() - new HashSet<>(charged).size();
    int refundedTwice = refunded.size() - new HashSet<>(refunded).size();
    long unsettled =
        world.count("charge WHERE state IN ('created', 'requires_action', 'processing')")
            + world.count("charge_refund WHERE state = 'created'");
    Proof.of("payment-crash")
        .with("provider", name.text())
        .with("size", RELEASE ? "release" : "commit")
        .with("failpoints", POINTS.size())
        .with("failpoints_killed_at", points())
        .with("runs", runs)
        .with("kills", sum(killedAt))
        .with("faults_of_the_provider", sum(met))
        .with("unsettled", unsettled)
        .with("charges_in_its_books", charged.size())
        .with("charged_twice", chargedTwice)
        .with("refunds_in_its_books", refunded.size())
        .with("refunded_twice", refundedTwice)
        .with("seed", seed)
        .print();
    assertThat(sum(killedAt)).as("kills").isGreaterThanOrEqualTo(KILLS);
    assertThat(points()).as("failpoints at which it was killed").isEqualTo(POINTS.size());
    assertThat(unsettled).isZero();
    assertThat(chargedTwice).as("invoices that were charged again").isZero();
    assertThat(refundedTwice).as("refunds that were made again").isZero();
    compare(world, charged.size(), refunded.size());
  }

  private void declined(ProviderWorld world) {
    world.customer("declined");
    boolean isStripe = name == ProviderName.STRIPE;
    world.method(
        "declined",
        name,
        isStripe ? "pm_declined_lost_card" : FakePayPal.DECLINED + "PAYER_CANNOT_PAY");
    world.invoice("declined", "i-declined", "100");
    assertThat(parts(world, Instant.now()).charges().charge("i-declined", 1))
        .isInstanceOfSatisfying(
            ChargeResult.Declined.class,
            declined -> assertThat(declined.declineClass()).isEqualTo(DeclineClass.HARD));
  }

  /** All that came to the process of the provider, and all that it answered. */
  private void contract() throws Exception {
    Optional<ContractJudge> documents = ContractJudge.of(name);
    if (documents.isEmpty()) {
      Proof.skipped("provider-contract", "the documents of " + name.text() + " are not there");
      return;
    }
    ContractJudge judge = documents.get();
    JsonNode all = FakeProvider.tree(post(FakeProvider.EXCHANGES, "")).path("exchanges");
    all.forEach(judge::judge);
    Proof.of("provider-contract")
        .with("provider", name.text())
        .with("part", "process")
        .with("requests", judge.requests())
        .with("answers", judge.answers())
        .with("invalid", judge.problems().size())
        .print();
    assertThat(judge.problems()).isEmpty();
    assertThat(judge.requests()).isGreaterThan(KILLS);
  }

  /** What the provider has done, each as often as it has done it. */
  private static List<String> paid(JsonNode all, String name) {
    List<String> done = new ArrayList<>();
    for (JsonNode each : all) {
      if (each.path("paid").asBoolean()) {
        done.add(each.path(name).asText());
      }
    }
    return done;
  }

  private static void compare(ProviderWorld world, int charged, int refunded) {
    assertThat(world.count("charge WHERE state = 'succeeded'")).isEqualTo(charged);
    assertThat(world.count("payment")).isEqualTo(charged);
    assertThat(world.count("charge_refund WHERE state = 'succeeded'")).isEqualTo(refunded);
    assertThat(world.count("posting WHERE kind = 'refund'")).isEqualTo(refunded);
    assertThat(world.count("receivable WHERE open NOT IN (0, 40, 100)")).isZero();
    assertThat(world.count("receivable WHERE open = 40")).isEqualTo(refunded);
    assertThat(world.cents("true")).isZero();
    assertThat(world.count("(SELECT intent FROM charge GROUP BY intent HAVING count(*) > 1) t"))
        .isZero();
  }

  private ProviderParts parts(ProviderWorld world, Instant now) {
    InstantSource clock = InstantSource.fixed(now);
    return new ProviderParts(
        world.database,
        new Providers(List.of(ChargeChild.provider(name, fake, clock, Duration.ofSeconds(5)))),
        new MethodVault(new Secrets(directory.resolve("own"))),
        ProviderWorld.BACK,
        clock,
        Failpoint.Hook.NONE);
  }

  private String post(String path, String body) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(fake.resolve(path)).POST(BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString())
        .body();
  }

  private static Process java(
      Class<?> main, String log, List<String> arguments, String databasePassword)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx256m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DATABASE_PASSWORD", databasePassword);
    builder.redirectError(new File("target/" + log + ".log"));
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }
}
