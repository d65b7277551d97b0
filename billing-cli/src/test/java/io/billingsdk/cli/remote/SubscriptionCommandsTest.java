package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** subscriptions at a whole server, with customers that have test clocks. */
@Tag("postgres")
@Timeout(300)
class SubscriptionCommandsTest {
  private static final Actor TESTER = new Actor("tester");
  private static final Instant START = Instant.parse("2026-03-11T12:00:00Z");

  @TempDir static Path directory;

  private static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
    server.tokenFile("write", Scope.FINANCE, null);
    database(
        database -> {
          var unused =
              new PlanImport(database, TESTER)
                  .run(PlanFile.shipped(), new ImportOptions(true, START.minusSeconds(1), false));
          for (String customer : List.of("acme", "beta", "core")) {
            var made =
                new Customers(database, TESTER)
                    .create(
                        NewCustomer.of(customer, customer, "USD", "Europe/Berlin")
                            .withTestClock(START));
            assertThat(made.id()).isEqualTo(customer);
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void database(Consumer<Database> work) {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(server.data()))) {
      work.accept(database);
    }
  }

  private static CommandRun run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(("subscriptions " + command).split(" ", -1)));
    all.addAll(server.arguments("write", "x", arguments).stream().skip(1).toList());
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static String done(String command, String... arguments) {
    CommandRun run = run(command, arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private static JsonNode json(String command, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    return JsonMapper.builder().build().readTree(done(command, all.toArray(new String[0])));
  }

  private static String start(String customer, String plan) throws IOException {
    return json("start", "--customer", customer, "--plan", plan)
        .at("/subscription/subscriptionId")
        .asText();
  }

  @Test
  void changes_thatAreWrong_areRefusedByTheField() throws IOException {
    database(
        database -> {
          Customers customers = new Customers(database, TESTER);
          customers.create(NewCustomer.of("wrong", "W", "USD", "UTC").withTestClock(START));
          customers.create(NewCustomer.of("euro", "E", "EUR", "UTC").withTestClock(START));
        });
    assertThat(run("start", "--customer", "euro", "--plan", "pro").err()).contains("currency");
    String id = start("wrong", "pro");
    assertThat(run("switch", id, "--plan", "enterprise", "--at", "2020-01-01T00:00:00Z").err())
        .contains("at must be from ");
    assertThat(run("switch", id, "--plan", "enterprise", "--revision", "7").err())
        .contains("it has revision 1 by now");
    assertThat(run("start", "--customer", "wrong", "--plan", "free").err())
        .contains("has a subscription that is not cancelled");
    assertThat(json("show", id).path("revision").asLong()).isEqualTo(1);
  }

  @Test
  void preview_storesNothing_andShowsWhatTheChangeDoes() throws IOException {
    String preview = done("start", "--customer", "acme", "--plan", "pro", "--preview");
    assertThat(preview).contains("a new subscription of acme: active, plan pro", "21/31", "19.65");
    assertThat(done("list", "--customer", "acme")).doesNotContain("acme");
    String id = start("acme", "pro");
    assertThat(done("list", "--customer", "acme")).contains(id, "active");
    JsonNode shown = json("switch " + id, "--plan", "enterprise", "--preview");
    assertThat(json("switch " + id, "--plan", "enterprise")).isEqualTo(shown);
    assertThat(done("show " + id)).contains("enterprise");
    assertThat(done("events " + id)).contains("upgrade", "admin");
    CommandRun refused = run("resume " + id);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("it is not paused");
    assertThat(json("pause " + id).at("/subscription/state").asText()).isEqualTo("paused");
    assertThat(json("resume " + id).at("/subscription/state").asText()).isEqualTo("active");
    assertThat(json("past-due " + id).at("/subscription/state").asText()).isEqualTo("past_due");
    assertThat(json("paid " + id).at("/subscription/state").asText()).isEqualTo("active");
    assertThat(json("bill-day " + id, "--day", "25").at("/subscription/billDay").asInt())
        .isEqualTo(25);
    assertThat(run("bill-day " + id, "--day", "32").err()).contains("from 1 to 31");
    assertThat(done("cancel " + id)).contains("ends with its period");
    assertThat(done("undo " + id)).doesNotContain("ends with its period");
    assertThat(json("cancel " + id, "--now").at("/subscription/state").asText())
        .isEqualTo("cancelled");
    assertThat(json("reactivate " + id).at("/subscription/state").asText()).isEqualTo("active");
  }

  @Test
  void testClock_movedOverAYear_letsEachPeriodHappenInOrder() throws IOException {
    String id = start("beta", "pro");
    var scheduled = done("switch " + id, "--plan", "free");
    assertThat(scheduled).contains("plan free from its next period on");
    database(
        database -> {
          Instant unused =
              new CustomerClocks(database).moveTo(TESTER, "beta", START.plus(Duration.ofDays(365)));
        });
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(json("show " + id).path("revision").asInt()).isEqualTo(14));
    List<String> ends = new ArrayList<>();
    for (String line : done("events " + id, "--json").lines().toList()) {
      ends.add(JsonMapper.builder().build().readTree(line).path("at").asText());
    }
    assertThat(ends).isSorted().contains("2026-03-31T22:00:00Z", "2026-10-31T23:00:00Z");
    assertThat(json("show " + id).path("plan").asText()).isEqualTo("free");
  }

  @Test
  void migration_isShownFirst_andGoesOnByItself() throws IOException {
    String id = start("core", "enterprise");
    JsonNode forecast = json("migrate", "--plan", "enterprise", "--to", "1", "--preview");
    assertThat(forecast.path("subscriptions").asInt()).isZero();
    assertThat(json("migrate", "--plan", "enterprise", "--to", "1").path("migrated").asInt())
        .isZero();
    CommandRun none = run("migrate", "--plan", "enterprise", "--to", "9");
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(json("show " + id).path("revision").asInt()).isEqualTo(1);
  }
}
