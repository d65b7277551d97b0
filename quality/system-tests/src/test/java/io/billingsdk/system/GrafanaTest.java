package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.micrometer.BillingMetrics;
import io.billingsdk.micrometer.DecisionMetrics;
import io.billingsdk.testbed.Proof;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboards and the rules of alerts name what a started server and a started client of it
 * have, and nothing else. No Grafana runs here: what it would not take is looked for in the files.
 */
class GrafanaTest {
  private static final List<String> NAMES = List.of("billing-client", "billing-server");

  @TempDir Path directory = Path.of("");

  private static List<Dashboard> dashboards() throws IOException {
    List<Dashboard> all = new ArrayList<>();
    for (String name : NAMES) {
      all.add(Dashboard.of(name));
    }
    return all;
  }

  @Test
  void dashboards_asGrafanaReadsThem_haveNoProblem() throws IOException {
    for (Dashboard each : dashboards()) {
      assertThat(each.problems()).as(each.name()).isEmpty();
    }
  }

  @Test
  void dashboards_withSomethingWrong_haveAProblem() throws IOException {
    List<Consumer<ObjectNode>> wrong =
        List.of(
            panel -> panel.put("id", 1),
            panel -> panel.put("type", "graph"),
            panel -> panel.put("description", ""),
            panel -> panel.withObjectProperty("gridPos").put("x", 23),
            panel -> panel.withObjectProperty("gridPos").put("y", 0),
            panel -> panel.withObjectProperty("datasource").put("uid", "prometheus"),
            panel -> ((ObjectNode) panel.path("targets").get(0)).put("expr", "billing_up{a=$b}"),
            panel -> panel.withArrayProperty("targets").add(panel.path("targets").get(0)));
    for (Consumer<ObjectNode> plant : wrong) {
      Dashboard dashboard = Dashboard.of(NAMES.get(0));
      plant.accept((ObjectNode) dashboard.panels().get(3));
      assertThat(dashboard.problems()).hasSizeBetween(1, 2);
    }
  }

  @Test
  void expressions_ofDashboardsAndRules_nameWhatExists() throws Exception {
    Scrape scrape = Scrape.of(pages());
    List<Expression> expressions = new ArrayList<>();
    int panels = 0;
    for (Dashboard each : dashboards()) {
      expressions.addAll(each.expressions());
      panels += each.panels().size();
    }
    int ofPanels = expressions.size();
    expressions.addAll(AlertRulesTest.expressions());
    List<String> unknown = new ArrayList<>();
    expressions.forEach(each -> unknown.addAll(each.unknown(scrape)));
    assertThat(unknown).isEmpty();
    Proof.of("grafana")
        .with("dashboards", NAMES.size())
        .with("panels", panels)
        .with("expressions", ofPanels)
        .with("of_rules", expressions.size() - ofPanels)
        .with("metrics_scraped", scrape.size())
        .with("unknown_metrics", unknown.size())
        .with("planted_found", planted(scrape, expressions))
        .with("promtool", parsed(expressions))
        .print();
  }

  /** Each expression with its first metric misspelt must be found; so must labels and values. */
  private static int planted(Scrape scrape, List<Expression> expressions) {
    int found = 0;
    for (Expression each : expressions) {
      String metric = each.metrics().iterator().next();
      Expression misspelt =
          new Expression(
              each.where(), each.text().replaceAll("\\b" + metric + "\\b", metric + "s"));
      assertThat(misspelt.unknown(scrape)).as(misspelt.text()).isNotEmpty();
      found++;
    }
    for (String wrong :
        List.of(
            "billing_client_connection_state{stat=\"connected\"}",
            "billing_client_connection_state{state=\"conected\"}",
            "billing_client_events_rejected_total{reason=~\"buffer_full|no_room\"}",
            "sum by (fates) (rate(billing_collector_events_total[5m]))",
            "billing_jobs_failures_total{task=\"x\"}",
            "billing_up + on (job) billing_down")) {
      assertThat(new Expression("planted", wrong).unknown(scrape)).as(wrong).isNotEmpty();
      found++;
    }
    return found;
  }

  /** What promtool says of them as rules that record. */
  private String parsed(List<Expression> expressions) throws Exception {
    Optional<PromTool> tool = PromTool.installed();
    if (tool.isEmpty()) {
      return "skipped: promtool is not installed";
    }
    StringBuilder rules = new StringBuilder("groups:\n  - name: all\n    rules:\n");
    int number = 0;
    for (Expression each : expressions) {
      rules.append("      - record: expression_").append(number++).append("\n        expr: |\n");
      rules.append("          ").append(each.text()).append('\n');
    }
    Path file = Files.writeString(directory.resolve("expressions.yml"), rules);
    assertThat(tool.get().run(directory, "check", "rules", file.toString())).isEmpty();
    Files.writeString(file, rules.toString().replaceFirst("sum\\(", "sum(("));
    assertThat(tool.get().run(directory, "check", "rules", file.toString())).isNotEmpty();
    return "ok";
  }

  /** Of a server with a broker and a database of its own, and of a client of that. */
  private String[] pages() throws Exception {
    try (WholeServer server = WholeServer.start(directory.resolve("data"));
        BillingClient client =
            BillingClient.create(
                BillingConfig.builder()
                    .host("localhost")
                    .port(server.brokerPort())
                    .caCertificates(server.authority())
                    .credentials("gateway-1", server.passwordOf("gateway-1"))
                    .journalInMemory(1 << 20)
                    .build())) {
      client.start();
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      BillingMetrics.of(client).bindTo(registry);
      new DecisionMetrics().bindTo(registry);
      assertThat(server.get("/api/v1/apps").statusCode()).isEqualTo(200);
      String page = server.get("/metrics").body();
      assertThat(page).contains("billing_up ");
      return new String[] {page, registry.scrape()};
    }
  }
}
