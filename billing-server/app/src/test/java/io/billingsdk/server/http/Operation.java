package io.billingsdk.server.http;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.billingsdk.server.alerts.AlertsFeature;
import io.billingsdk.server.anomalies.AnomaliesFeature;
import io.billingsdk.server.audit.AuditFeature;
import io.billingsdk.server.catalog.CatalogFeature;
import io.billingsdk.server.comparison.ComparisonFeature;
import io.billingsdk.server.costs.CostsFeature;
import io.billingsdk.server.credits.CreditsFeature;
import io.billingsdk.server.customers.CustomersFeature;
import io.billingsdk.server.documents.DocumentsFeature;
import io.billingsdk.server.dunning.DunningFeature;
import io.billingsdk.server.forecast.ForecastFeature;
import io.billingsdk.server.health.HealthFeature;
import io.billingsdk.server.ingest.IntakeFeature;
import io.billingsdk.server.invoices.InvoicesFeature;
import io.billingsdk.server.keys.KeysFeature;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.margin.MarginFeature;
import io.billingsdk.server.notifications.NotificationsFeature;
import io.billingsdk.server.payments.PaymentsFeature;
import io.billingsdk.server.performance.PerformanceFeature;
import io.billingsdk.server.performance.RecordsFeature;
import io.billingsdk.server.privacy.PrivacyFeature;
import io.billingsdk.server.providers.ProvidersFeature;
import io.billingsdk.server.quotas.QuotasFeature;
import io.billingsdk.server.reconcile.ReconcileFeature;
import io.billingsdk.server.reports.ReportsFeature;
import io.billingsdk.server.revenue.RevenueFeature;
import io.billingsdk.server.seals.SealsFeature;
import io.billingsdk.server.statistics.StatisticsFeature;
import io.billingsdk.server.statistics.UsesFeature;
import io.billingsdk.server.streams.StreamsFeature;
import io.billingsdk.server.subscriptions.SubscriptionsFeature;
import io.billingsdk.server.tail.TailFeature;
import io.billingsdk.server.tax.TaxFeature;
import io.billingsdk.server.whatif.WhatIfFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** An operation of the OpenAPI document, as the tests need it. */
record Operation(String method, String path, JsonNode node) {
  /** A path that is there twice would silently be the second one alone. */
  private static final ObjectMapper STRICT =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  /** Of the paths: each answer of each test is held against all of them. */
  private static final Map<String, Pattern> FORMS = new ConcurrentHashMap<>();

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /** Of the server's own features. */
  private static final List<URL> PARTS =
      List.of(
          part(KeysFeature.class, "keys"),
          part(LedgerFeature.class, "ledger"),
          part(CustomersFeature.class, "customers"),
          part(CatalogFeature.class, "catalog"),
          part(StreamsFeature.class, "streams"),
          part(SealsFeature.class, "seals"),
          part(SubscriptionsFeature.class, "subscriptions"),
          part(NotificationsFeature.class, "notifications"),
          part(CreditsFeature.class, "credits"),
          part(InvoicesFeature.class, "invoices"),
          part(PaymentsFeature.class, "payments"),
          part(DunningFeature.class, "dunning"),
          part(ProvidersFeature.class, "providers"),
          part(TaxFeature.class, "tax"),
          part(DocumentsFeature.class, "documents"),
          part(ReportsFeature.class, "reports"),
          part(RevenueFeature.class, "revenue"),
          part(ReconcileFeature.class, "reconcile"),
          part(WhatIfFeature.class, "whatif"),
          part(ComparisonFeature.class, "comparison"),
          part(MarginFeature.class, "margin"),
          part(AuditFeature.class, "audit"),
          part(TailFeature.class, "tail"),
          part(IntakeFeature.class, "intake"),
          part(QuotasFeature.class, "quotas"),
          part(PrivacyFeature.class, "privacy"),
          part(ForecastFeature.class, "forecast"),
          part(AnomaliesFeature.class, "anomalies"),
          part(CostsFeature.class, "costs"),
          part(PerformanceFeature.class, "performance"),
          part(RecordsFeature.class, "records"),
          part(AlertsFeature.class, "alerts"),
          part(StatisticsFeature.class, "statistics"),
          part(UsesFeature.class, "uses"),
          part(HealthFeature.class, "health"));

  private static final JsonNode DOCUMENT = read();
  private static final List<Operation> ALL = listed();

  private static URL part(Class<?> feature, String name) {
    return Objects.requireNonNull(feature.getResource(name + ".openapi.yaml"), name);
  }

  static JsonNode document() {
    return DOCUMENT;
  }

  static List<Operation> all() {
    return ALL;
  }

  private static List<Operation> listed() {
    List<Operation> all = new ArrayList<>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        each -> {
                          if (METHODS.contains(each.getKey())) {
                            all.add(
                                new Operation(
                                    each.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    each.getValue()));
                          }
                        }));
    return List.copyOf(all);
  }

  /** Whether this is the path of one of its requests. */
  boolean isAt(String requested) {
    return FORMS.computeIfAbsent(path, Operation::form).matcher(requested).matches();
  }

  private static Pattern form(String path) {
    return Pattern.compile("\\Q" + path.replaceAll("\\{[^}]*\\}", "\\\\E[^/]+\\\\Q") + "\\E");
  }

  String id() {
    return node.path("operationId").asText();
  }

  boolean isPublic() {
    return node.path("x-public").asBoolean();
  }

  /** Whether its body is signed by who sends it. */
  boolean isSigned() {
    return node.path("x-signed").asBoolean();
  }

  /** Whether its caller has a token that the feature itself has signed. */
  boolean isHolder() {
    return node.path("x-holder").asBoolean();
  }

  boolean isAppScoped() {
    return node.path("x-app-scoped").asBoolean();
  }

  /** Whether its answer is JSON when all goes well. */
  boolean isJson() {
    return ok().has("application/json");
  }

  /** Whether its answer does not end by itself. */
  boolean isStreamed() {
    return ok().has("text/event-stream");
  }

  /** Those of its body. */
  List<String> mediaTypes() {
    List<String> types = new ArrayList<>();
    node.at("/requestBody/content").fieldNames().forEachRemaining(types::add);
    return types;
  }

  private JsonNode ok() {
    JsonNode responses = node.path("responses");
    return responses.has("201") ? responses.at("/201/content") : responses.at("/200/content");
  }

  /** {@code read}, {@code write}, or {@code public}. */
  String access() {
    return isPublic() ? "public" : node.path("x-scope").asText("none");
  }

  /** Of the query, the path or a header: with the references followed. */
  List<JsonNode> parameters(String in) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode each : node.path("parameters")) {
      JsonNode parameter = followed(each);
      if (parameter.path("in").asText().equals(in)) {
        found.add(parameter);
      }
    }
    return found;
  }

  /** A node, or the one that it refers to. */
  static JsonNode followed(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  String line() {
    Set<String> names = new TreeSet<>();
    parameters("query").forEach(each -> names.add(each.path("name").asText()));
    if (node.path("x-ignores-unknown").asBoolean()) {
      names.add("*");
    }
    return String.join(" ", method, path, access(), scoped(), names.toString());
  }

  private String scoped() {
    return (isAppScoped() ? "app" : "-")
        + (node.path("x-customer-scoped").asBoolean() ? " customer" : "");
  }

  private static JsonNode read() {
    try {
      return STRICT.readTree(OpenApi.of(PARTS).yaml());
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }
}
