package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.providers.FakeStripe.Fault;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that die between any two steps of a charge and of a refund, with answers that are lost,
 * late or errors meanwhile. The provider is a process of its own, which survives; its books are
 * compared: {@code -Dsize=release}, {@code -Dcrash.seed}.
 */
@Tag("postgres")
@Tag("crash")
class PaymentCrashTest {
  private static final List<Failpoint> POINTS = List.of(Failpoint.values());
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int KILLS = RELEASE ? 300 : 30;
  private static final int DAY = 60 * 24;
  private static final String TOKEN = "pm_ok";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private URI fake = URI.create("http://127.0.0.1");

  @Test
  void server_thatDiesBetweenAnyTwoSteps_chargesAndRefundsOnce() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("payment-crash seed=" + seed);
    Random random = new Random(seed);
    Process provider = java(FakeStripe.class, "fake-stripe", List.of());
    int killed = 0;
    int faults = 0;
    try (BufferedReader out = provider.inputReader(StandardCharsets.UTF_8);
        ProviderWorld world = new ProviderWorld(directory)) {
      fake = URI.create("http://127.0.0.1:" + String.valueOf(out.readLine()).split(" ", 2)[1]);
      for (int i = 0; i < KILLS; i++) {
        Failpoint point = POINTS.get(i % POINTS.size());
        Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        faults += fault == Fault.NONE ? 0 : 1;
        killed += kill(world, "i-" + i, point, fault) ? 1 : 0;
      }
      int open = settle(world);
      JsonNode books = FakeStripe.tree(post("/_books", ""));
      int chargedTwice = twice(books.path("intents"), "intent");
      int refundedTwice = twice(books.path("refunds"), "refund");
      Proof.of("payment-crash")
          .with("size", RELEASE ? "release" : "commit")
          .with("failpoints", Failpoint.values().length)
          .with("runs", KILLS)
          .with("killed", killed)
          .with("faults_of_the_provider", faults)
          .with("unsettled", open)
          .with("charged_twice", chargedTwice)
          .with("refunded_twice", refundedTwice)
          .with("seed", seed)
          .print();
      assertThat(open).isZero();
      assertThat(chargedTwice).as("invoices that were charged again").isZero();
      assertThat(refundedTwice).as("refunds that were made again").isZero();
      judge(world, books);
      assertThat(killed).as("runs that ended at their failpoint").isGreaterThan(KILLS / 2);
    } finally {
      provider.destroyForcibly();
    }
  }

  /** One run; true when it died at its failpoint. */
  private boolean kill(ProviderWorld world, String number, Failpoint point, Fault fault)
      throws Exception {
    String customer = "c-" + number;
    world.customer(customer, TOKEN);
    world.invoice(customer, number, "100");
    post("/_faults", Fault.NONE.name());
    String payment = "";
    if (!point.name().startsWith("CHARGE")) {
      ChargeResult unused = parts(world, Instant.now()).charges().charge(number, 1);
      payment = String.valueOf(world.charge(number, 1).paymentId());
    }
    post("/_faults", fault.name());
    var address = world.http.world().server();
    Process child =
        java(
            ChargeChild.class,
            "charge-child",
            List.of(
                address.url(),
                address.user(),
                fake.toString(),
                directory.resolve("own").toString(),
                number,
                point.name(),
                payment),
            address.password());
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return child.exitValue() == ChargeChild.KILLED;
  }

  /** Reconciles, also after the provider has forgotten keys; returns how many stay open. */
  private int settle(ProviderWorld world) throws Exception {
    Instant now = Instant.now();
    for (int minutes : new int[] {5, 20, 90, DAY, DAY + 120, DAY + 360}) {
      if (minutes == DAY) {
        post("/_forget", "");
      }
      parts(world, now.plus(Duration.ofMinutes(minutes))).reconciler().run();
    }
    return (int)
        (world.count("charge WHERE state IN ('created', 'requires_action', 'processing')")
            + world.count("charge_refund WHERE state = 'created'"));
  }

  /** How much more often the provider has done something than it was to be done. */
  private static int twice(JsonNode all, String name) {
    List<String> done = new ArrayList<>();
    for (JsonNode each : all) {
      if (each.path("status").asText().equals("succeeded")) {
        done.add(each.path("metadata").path(name).asText());
      }
    }
    return done.size() - new HashSet<>(done).size();
  }

  private static void judge(ProviderWorld world, JsonNode books) {
    long succeeded = 0;
    for (JsonNode each : books.path("intents")) {
      succeeded += each.path("status").asText().equals("succeeded") ? 1 : 0;
    }
    assertThat(world.count("charge WHERE state = 'succeeded'")).isEqualTo(succeeded);
    assertThat(world.count("payment")).isEqualTo(succeeded);
    long refunded = books.path("refunds").size();
    assertThat(world.count("charge_refund WHERE state = 'succeeded'")).isEqualTo(refunded);
    assertThat(world.count("posting WHERE kind = 'refund'")).isEqualTo(refunded);
    assertThat(world.count("receivable WHERE open NOT IN (0, 40, 100)")).isZero();
    assertThat(world.count("receivable WHERE open = 40")).isEqualTo(refunded);
    assertThat(world.cents("true")).isZero();
    assertThat(world.count("(SELECT intent FROM charge GROUP BY intent HAVING count(*) > 1) t"))
        .isZero();
  }

  private ProviderParts parts(ProviderWorld world, Instant now) {
    Database database = world.database;
    StripeAccount account =
        new StripeAccount(fake, ProviderWorld.KEY, List.of(ProviderWorld.SECRET));
    InstantSource clock = InstantSource.fixed(now);
    return new ProviderParts(
        database,
        new Providers(List.of(new StripeProvider(account, clock, Duration.ofSeconds(5)))),
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

  private static Process java(Class<?> main, String log, List<String> arguments)
      throws IOException {
    return java(main, log, arguments, "");
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
