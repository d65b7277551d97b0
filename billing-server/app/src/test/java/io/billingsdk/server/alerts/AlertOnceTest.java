package io.billingsdk.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts are said once, and their ends too, also when the judge is killed at its work. */
@Tag("postgres")
class AlertOnceTest {
  private static final int REQUESTS = 1_000;
  private static final int ROUNDS = 10;
  private static final List<String> RULES = List.of("high_cost_alert", "of_user", "of_service_day");
  private static final List<String> ABOUT = List.of("once", "once-user", "google_video_ai");
  private static final Duration DAY = Duration.ofDays(1);

  private static final String LOCK_OF_LAST_MESSAGE =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.outbox/alert/of_user', 0))";

  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static AlertWorld world;

  @BeforeAll
  static void start() {
    world = new AlertWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static long said(String what) {
    long said = 0;
    for (int i = 0; i < RULES.size(); i++) {
      said += world.said(what, RULES.get(i), ABOUT.get(i));
    }
    return said;
  }

  @Test
  void requests_overAThreshold_areOneMessageAndOneResolve_withRestartsBetween() throws Exception {
    Instant began = world.instant();
    world.put("alert-rules/of_user", "{'scope':'user','bounds':['50']}");
    world.put("alert-rules/of_service_day", "{'scope':'service','bounds':['60'],'inclusive':true}");
    int restarts = 0;
    for (int round = 0; round < ROUNDS; round++) {
      world.use("once", "once-user", 11, REQUESTS / ROUNDS);
      // The first one waits with two messages said and one to say.
      world.judgeAndKill(
          round == 0 ? LOCK_OF_LAST_MESSAGE : "LOCK TABLE alert_touched IN SHARE MODE");
      assertThat(said("raised")).as("round " + round).isEqualTo(round == 0 ? 0 : RULES.size());
      world.judge();
      restarts += 2;
      assertThat(said("raised")).as("round " + round).isEqualTo(RULES.size());
    }
    assertThat(said("resolved")).isZero();
    world.set(began.plus(DAY));
    world.judgeAndKill(LOCK_OF_LAST_MESSAGE);
    assertThat(said("resolved")).isZero();
    for (int i = 0; i < ROUNDS; i++) {
      world.judge();
      restarts++;
    }
    assertThat(said("resolved")).isEqualTo(RULES.size());
    assertThat(said("raised")).isEqualTo(RULES.size());
    world.set(began);
    Proof.of("alert-once")
        .with("requests", REQUESTS)
        .with("rules", RULES.size())
        .with("restarts", restarts + world.kills)
        .with("kills", world.kills)
        .with("messages_a_rule", said("raised") / RULES.size())
        .with("resolves_a_rule", said("resolved") / RULES.size())
        .with("twice", 0)
        .print();
  }

  @Test
  void operation_aboveOneDollar_alerts_andExactlyOneDollarDoesNot() {
    world.use("exactly", "u-exact", 10, 3);
    world.use("above", "u-exact", 11, 3);
    world.judge();
    assertThat(world.said("raised", "high_cost_alert", "exactly")).isZero();
    assertThat(world.said("raised", "high_cost_alert", "above")).isEqualTo(1);
    JsonNode alert =
        world.ask("GET", "/api/v1/alerts?state=open&rule=high_cost_alert", "").at("/items/0");
    assertThat(alert.path("about").asText()).isEqualTo("above");
    assertThat(alert.path("amount").asText()).isEqualTo("1.1");
    assertThat(alert.path("limit").asText()).isEqualTo("1");
  }

  @Test
  void budget_ofAUser_saysEachThresholdOnce_andShowsTheRest() {
    world.use("b1", "u-budget", 45, 1);
    world.put(
        "budgets/of_ann",
        "{'amount':'10','thresholds':['0.4','0.8','1'],'period':'rolling','days':2,"
            + "'user':'u-budget'}");
    world.judge();
    // Costs from before the budget count.
    assertThat(world.said("raised", "of_ann", "u-budget")).isEqualTo(1);
    world.use("b2", "u-budget", 35, 1);
    world.use("b2", "somebody", 500, 1);
    world.judge();
    assertThat(world.said("raised", "of_ann", "u-budget")).isEqualTo(2);
    Instant began = world.instant();
    world.set(began.plus(DAY.multipliedBy(3)));
    world.judge();
    assertThat(world.said("resolved", "of_ann", "u-budget")).isEqualTo(2);
    world.set(began);
    world.use("b3", "u-budget", 40, 1);
    world.judge();
    assertThat(world.said("raised", "of_ann", "u-budget")).as("again").isEqualTo(5);
    JsonNode budget = world.budget("of_ann");
    assertThat(budget.path("spent").asText()).isEqualTo("12");
    assertThat(budget.path("left").asText()).isEqualTo("-2");
    assertThat(budget.path("percent").asText()).isEqualTo("120");
    assertThat(budget.path("unknownCosts").asInt()).isZero();
  }

  @Test
  void cost_thatComesLate_alertsForItsOwnDay_unlessThatIsLongAgo() {
    Instant began = world.instant();
    world.put("alert-rules/late", "{'scope':'execution','bounds':['3']}");
    world.judge();
    world.use("late", "u-late", 31, 1);
    world.set(began.plus(DAY));
    world.judge();
    assertThat(world.said("raised", "late", "of-late")).isEqualTo(1);
    assertThat(world.said("resolved", "late", "of-late")).isEqualTo(1);
    world.set(began);
    world.use("older", "u-late", 31, 1);
    world.set(began.plus(RuleJudge.LATEST).plus(DAY));
    world.judge();
    assertThat(world.said("raised", "late", "of-older")).isZero();
    world.set(began);
  }

  @Test
  void mutedRule_saysNothing_andWhatItPassedIsNeverSaid() {
    world.put("alert-rules/quiet", "{'scope':'user','bounds':['1','2','3']}");
    world.use("quiet", "u-quiet", 15, 1);
    world.judge();
    assertThat(world.said("raised", "quiet", "u-quiet")).isEqualTo(1);
    String path = "/api/v1/alert-rules/quiet";
    world.ask("POST", path + "/mute", "{\"muted\":true}");
    world.use("quiet", "u-quiet", 10, 1);
    world.judge();
    world.ask("POST", path + "/mute", "{\"muted\":false}");
    world.judge();
    assertThat(world.said("raised", "quiet", "u-quiet")).isEqualTo(1);
    world.use("quiet", "u-quiet", 10, 1);
    world.judge();
    assertThat(world.said("raised", "quiet", "u-quiet")).isEqualTo(2);
    world.ask("DELETE", path, "");
    assertThat(world.said("resolved", "quiet", "u-quiet")).isEqualTo(2);
    world.judge();
    assertThat(world.said("resolved", "quiet", "u-quiet")).isEqualTo(2);
    // What the muted rule passed has ended silently.
    JsonNode alerts = world.ask("GET", "/api/v1/alerts?rule=quiet", "").path("items");
    assertThat(alerts.findValuesAsText("cause")).contains("rule_removed");
  }

  @Test
  void advice_isSaidOnceAMonth() throws Exception {
    world.use("advised", "u-advice", 20, 2);
    String given =
        "SELECT count(*) FROM outbox_event WHERE kind = 'cost.advice_given'"
            + " AND payload->>'advice' = 'service_dominance'";
    for (int i = 0; i < 3; i++) {
      new AdviceJob(world.http.database(), world).run();
      assertThat(world.http.world().count(given)).isEqualTo(1);
    }
    Instant began = world.instant();
    world.set(began.plus(DAY.multipliedBy(32)));
    new AdviceJob(world.http.database(), world).run();
    // Nothing was spent in that month.
    assertThat(world.http.world().count(given)).isEqualTo(1);
    world.set(began);
  }

  @Test
  void impossibleRules_areRefused_withTheFieldThatIsWrong() {
    refused("alert-rules/bad", "{'scope':'user','bounds':['2','1']}", "bounds");
    refused("alert-rules/bad", "{'scope':'user','bounds':['0']}", "bounds");
    refused("alert-rules/bad", "{'scope':'user','bounds':['-1']}", "bounds");
    refused("alert-rules/bad", "{'scope':'user','bounds':[]}", "bounds");
    refused("alert-rules/bad", "{'scope':'budget','bounds':['1']}", "scope");
    refused("alert-rules/bad", "{'scope':'user','bounds':['1'],'period':'rolling'}", "days");
    refused("alert-rules/bad", "{'scope':'user','bounds':['1'],'days':3}", "days");
    refused("alert-rules/bad", "{'scope':'user','bounds':['1'],'zone':'Mars/Base'}", "zone");
    refused("alert-rules/bad", "{'scope':'user','bounds':['1'],'currency':'euro'}", "currency");
    refused("alert-rules/BAD", "{'scope':'user','bounds':['1']}", "rule");
    refused("budgets/bad", "{'amount':0,'thresholds':['1']}", "amount");
    refused("budgets/bad", "{'amount':1}", "thresholds");
    refused("budgets/bad", "{'amount':1,'thresholds':['1'],'user':'a','service':'b'}", "user");
  }

  private static void refused(String path, String body, String field) {
    Reply reply = world.refused("/api/v1/" + path, body);
    assertThat(reply.status()).as(body + " " + reply.body()).isEqualTo(400);
    assertThat(reply.body()).as(body).contains("\"" + field);
  }
}
