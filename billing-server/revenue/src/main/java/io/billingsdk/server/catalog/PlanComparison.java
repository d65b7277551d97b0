package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.server.catalog.PlanFile.PlanDiff;
import io.billingsdk.server.catalog.PlanFile.PlanDiff.PlanDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares plans field by field: charges, quotas, meters and plans with those of the same name,
 * wherever they stand.
 */
final class PlanComparison {
  private static final List<String> NAMES = List.of("id", "slug", "plan", "meter");

  private PlanComparison() {}

  static PlanDiff of(JsonNode before, JsonNode after) {
    List<PlanDifference> changes = new ArrayList<>();
    compare("", before, after, changes);
    return new PlanDiff(changes);
  }

  private static void compare(
      String field, JsonNode before, JsonNode after, List<PlanDifference> changes) {
    if (before.isObject() && after.isObject()) {
      compareFields(field, byField(before), byField(after), changes, /* named= */ false);
    } else if (isNamed(before) && isNamed(after)) {
      compareFields(field, byName(before), byName(after), changes, /* named= */ true);
    } else if (!text(before).equals(text(after))) {
      changes.add(
          new PlanDifference(
              field,
              before.isMissingNode() ? null : text(before),
              after.isMissingNode() ? null : text(after)));
    }
  }

  private static void compareFields(
      String field,
      Map<String, JsonNode> before,
      Map<String, JsonNode> after,
      List<PlanDifference> changes,
      boolean named) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      String place = named ? field + "[" + name + "]" : field.isEmpty() ? name : field + "." + name;
      compare(place, orMissing(before.get(name)), orMissing(after.get(name)), changes);
    }
  }

  private static JsonNode orMissing(@Nullable JsonNode value) {
    return value == null ? MissingNode.getInstance() : value;
  }

  private static Map<String, JsonNode> byField(JsonNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(each -> fields.put(each.getKey(), each.getValue()));
    return fields;
  }

  private static boolean isNamed(JsonNode list) {
    if (!list.isArray() || list.isEmpty()) {
      return false;
    }
    for (JsonNode each : list) {
      if (NAMES.stream().noneMatch(each::hasNonNull)) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, JsonNode> byName(JsonNode list) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    for (JsonNode each : list) {
      String key = NAMES.stream().filter(each::hasNonNull).findFirst().orElseThrow();
      String name = each.path(key).asText();
      // Quotas of one meter differ by their scope.
      String scope = each.path("scope").asText("");
      items.put(scope.isEmpty() || !key.equals("meter") ? name : name + " " + scope, each);
    }
    return items;
  }

  private static String text(JsonNode value) {
    return value.isValueNode() && !value.isBigDecimal()
        ? value.asText()
        : value.isBigDecimal() ? value.decimalValue().toPlainString() : CatalogJson.text(value);
  }
}
