package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans and meters as a file, in YAML or JSON. A file that is read and written again has one form,
 * byte for byte, however often. Reads no clock and no database. Immutable.
 */
public final class PlanFile {
  private static final int MOST = 100;
  private static final String SHIPPED = "plans.yaml";
  private static final String SCHEMA = "plan-file.schema.json";

  private final List<MeterDocument> meters;
  private final List<PlanDocument> plans;

  private PlanFile(List<MeterDocument> meters, List<PlanDocument> plans) {
    this.meters = List.copyOf(meters);
    this.plans = List.copyOf(plans);
  }

  /**
   * Reads a file.
   *
   * @throws RequestRefusedException naming the field that is wrong, or the line
   */
  public static PlanFile parse(String yamlOrJson) {
    return of(CatalogYaml.read(yamlOrJson));
  }

  /** The same of what is read already. */
  public static PlanFile of(JsonNode root) {
    return of(Fields.of(root));
  }

  /** The plans that come with the server: Free, Pro and Enterprise. */
  public static PlanFile shipped() {
    return parse(shippedText());
  }

  /** The same as it is written, with its comments. */
  public static String shippedText() {
    return resource(SHIPPED);
  }

  /** The JSON schema of plan files. */
  public static String schema() {
    return resource(SCHEMA);
  }

  static PlanFile of(Fields fields) {
    Map<String, List<String>> groups = PlanParser.groups(fields);
    List<MeterDocument> meters = new ArrayList<>();
    Set<String> slugs = new HashSet<>();
    for (Fields each : fields.objects("meters", MOST)) {
      MeterDocument meter = MeterDocument.read(each);
      if (!slugs.add(meter.slug())) {
        throw each.wrong("slug", "another one: there is a meter with this slug above");
      }
      meters.add(meter);
    }
    List<PlanDocument> plans = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Fields each : fields.objects("plans", MOST)) {
      PlanDocument plan = PlanParser.read(each, groups);
      if (!ids.add(plan.plan())) {
        throw each.wrong("plan", "another one: there is a plan with this id above");
      }
      plans.add(plan);
    }
    fields.end();
    if (plans.isEmpty() && meters.isEmpty()) {
      throw fields.wrong("plans", "given, or meters");
    }
    return new PlanFile(meters, plans);
  }

  static PlanFile of(List<MeterDocument> meters, List<PlanDocument> plans) {
    return new PlanFile(meters, plans);
  }

  /** Its meters. */
  public List<Meter> meters() {
    return meters.stream().map(MeterDocument::meter).toList();
  }

  /** The ids of its plans. */
  public List<String> planIds() {
    return plans.stream().map(PlanDocument::plan).toList();
  }

  /** A plan of the file as a version of it would be; empty when there is none with this id. */
  public Optional<PlanVersion> plan(String id) {
    return plans.stream()
        .filter(each -> each.plan().equals(id))
        .map(each -> each.version(1, Instant.EPOCH))
        .findFirst();
  }

  /** In YAML. */
  public String yaml() {
    return CatalogYaml.write(tree());
  }

  /** In JSON, with decimals as texts. */
  public String json() {
    return CatalogJson.lines(tree());
  }

  /** How another file differs from this one, by plan and meter. */
  public PlanDiff diff(PlanFile other) {
    return PlanComparison.of(tree(), other.tree());
  }

  /**
   * Rates the cases of another file by the plans of this one: usage in, amounts out.
   *
   * @param cases in YAML or JSON
   * @throws RequestRefusedException naming the field that is wrong, or the line
   */
  public List<CaseResult> test(String cases) {
    return PlanCases.parse(cases).run(this);
  }

  List<MeterDocument> meterDocuments() {
    return meters;
  }

  List<PlanDocument> planDocuments() {
    return plans;
  }

  private ObjectNode tree() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    if (!meters.isEmpty()) {
      var list = tree.putArray("meters");
      meters.forEach(each -> list.add(each.copy()));
    }
    if (!plans.isEmpty()) {
      var list = tree.putArray("plans");
      plans.forEach(each -> list.add(each.copy()));
    }
    return tree;
  }

  private static String resource(String name) {
    try (InputStream bytes =
        Objects.requireNonNull(PlanFile.class.getResourceAsStream(name), name)) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * How two plans differ, field by field.
   *
   * @param changes in the order of the older plan, then of the newer one; none: they say the same
   */
  public record PlanDiff(List<PlanDifference> changes) {
    /** Copies the list. */
    public PlanDiff {
      changes = List.copyOf(changes);
    }

    /**
     * A field that differs.
     *
     * @param field where it stands, such as {@code charges[calls].price.amount}
     * @param before what it was; null when it is new
     * @param after what it is; null when it is gone
     */
    public record PlanDifference(String field, @Nullable String before, @Nullable String after) {
      /** As a line: {@code + field: after}, {@code - field: before}, {@code ~ field: a -> b}. */
      @Override
      public String toString() {
        if (before == null) {
          return "+ " + field + ": " + after;
        }
        return after == null
            ? "- " + field + ": " + before
            : "~ " + field + ": " + before + " -> " + after;
      }
    }

    /** Whether they say the same. */
    public boolean isEmpty() {
      return changes.isEmpty();
    }
  }

  /**
   * What became of a case.
   *
   * @param total of the plan for the usage; null when it could not be rated
   * @param differences in words; none when all is as expected
   */
  public record CaseResult(String name, @Nullable Money total, List<String> differences) {
    /** Copies the list. */
    public CaseResult {
      differences = List.copyOf(differences);
    }
  }
}
