package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON schema of plan files says the same as the server. */
class PlanSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Schema SCHEMA = schema();

  private static final String EVERYTHING =
      """
      meters:
        - {slug: m, unit: u, module: a, models: [b, c*], metadata: {d: e}, value: usage, aggregation: sum}
        - {slug: n, unit: u, value: metadata.x, aggregation: unique}
        - {slug: peak, unit: u, value: quantities.x, aggregation: max}
      plans:
        - plan: p
          name: P
          currency: USD
          interval: month
          intervalCount: 3
          trialDays: 7
          modelGroups: {g: [x*]}
          entitlements:
            groups: [g]
            models: [y]
            rate: {perSecond: 0.5, burst: 3}
            quotas:
              - {meter: m, limit: 5, mode: overage, overageCap: 1, period: billingPeriod, scope: key, thresholds: [10, 90], thresholdEvery: 20}
            violations:
              - {after: 5, per: hour, then: lowerRate, rate: {perSecond: 1, burst: 2}, until: nextDay, reasons: [MODEL]}
            features: {a: true, b: text}
          charges:
            - {id: a, name: A, kind: flatInArrears, price: {model: flat, amount: "1.50"}}
            - id: b
              name: B
              kind: metered
              meter: m
              price: {model: graduated, tiers: [{upTo: 5, unitPrice: 1}, {flatPrice: 2}]}
              dimension: metadata.region
              prices: {eu: {model: volume, tiers: [{unitPrice: 1}]}}
              conversion: {operation: divide, factor: 10, rounding: halfUp, decimals: 2}
              includedUnits: 1
              discountedUnits: 2
              discount: {amount: 1 USD}
              minimum: 1.00 USD
              maximum: 5
            - {id: c, name: C, kind: metered, meter: m, price: {model: packages, size: 1, price: 1, counted: complete}}
            - {id: d, name: D, kind: metered, meter: m, price: {model: blocks, mode: volume, tiers: [{size: 1, mostBlocks: 2, price: 1}, {size: 1, price: 1}]}}
            - {id: e, name: E, kind: metered, price: {model: capacity, tiers: [{price: 1, most: {peak: 5}}, {price: 2}]}}
            - {id: f, name: F, kind: metered, meter: m, price: {model: percentage, ratePercent: 1, fixedPerEvent: 1, freeEvents: 1, freeAmount: 1, leastPerEvent: 1, mostPerEvent: 2}}
            - {id: g, name: G, kind: metered, meter: m, price: {model: graduatedPercentage, tiers: [{ratePercent: 1, flatPrice: 1}]}}
          commitment: 100
          progressiveBilling: {thresholds: [50, 200], every: 500.00 USD}
      """;

  private static Schema schema() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(PlanFile.schema());
  }

  private static List<String> errors(JsonNode tree) {
    return SCHEMA.validate(tree).stream().map(Error::toString).toList();
  }

  private static JsonNode tree(String yaml) throws IOException {
    return JSON.readTree(CatalogJson.text(CatalogYaml.read(yaml)));
  }

  static Stream<String> files() throws IOException {
    return Stream.of(
        EVERYTHING,
        PlanFile.shippedText(),
        PlanFile.shipped().yaml(),
        PlanFile.parse(EVERYTHING).yaml(),
        PlanFile.parse(EVERYTHING).json(),
        PlanPageTest.blocks().get(0));
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_thatTheServerReads_isAllowedByTheSchema(String file) throws IOException {
    assertThat(PlanFile.parse(file).yaml()).isNotEmpty();
    assertThat(errors(tree(file))).isEmpty();
  }

  /** Each field of a file with all of them is renamed once: neither of the two may let it pass. */
  @Test
  void field_thatIsMisspelt_isRefusedByBoth() throws IOException {
    JsonNode whole = tree(EVERYTHING);
    int tried = 0;
    for (String pointer : pointers("", whole).toList()) {
      JsonNode changed = whole.deepCopy();
      int slash = pointer.lastIndexOf('/');
      var parent =
          (com.fasterxml.jackson.databind.node.ObjectNode) changed.at(pointer.substring(0, slash));
      String name = pointer.substring(slash + 1);
      parent.set(name + "x", parent.remove(name));
      assertThat(errors(changed)).as(pointer).isNotEmpty();
      assertThat(isRead(changed)).as(pointer).isFalse();
      tried++;
    }
    assertThat(tried).isGreaterThan(100);
    Proof.of("plan-schema").with("fields", tried).with("let_pass", 0).print();
  }

  private static boolean isRead(JsonNode tree) {
    try {
      return !PlanFile.of(tree).planIds().isEmpty();
    } catch (RequestRefusedException refused) {
      return false;
    }
  }

  /** Of all fields whose name is not free. */
  private static Stream<String> pointers(String at, JsonNode node) {
    if (node.isArray()) {
      return Stream.iterate(0, i -> i < node.size(), i -> i + 1)
          .flatMap(i -> pointers(at + "/" + i, node.get(i)));
    }
    if (!node.isObject()) {
      return Stream.empty();
    }
    boolean free = at.matches(".*/(metadata|modelGroups|features|prices|most)");
    return node.properties().stream()
        .flatMap(
            (Map.Entry<String, JsonNode> each) -> {
              String pointer = at + "/" + each.getKey();
              Stream<String> below = pointers(pointer, each.getValue());
              return free ? below : Stream.concat(Stream.of(pointer), below);
            });
  }
}
