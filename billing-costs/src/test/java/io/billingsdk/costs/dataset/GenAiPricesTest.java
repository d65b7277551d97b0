package io.billingsdk.costs.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.CostRating;
import io.billingsdk.costs.CostState;
import io.billingsdk.costs.ImportFinding;
import io.billingsdk.costs.ImportPlan;
import io.billingsdk.costs.PriceFile;
import io.billingsdk.costs.PriceQuery;
import io.billingsdk.costs.RatedCost;
import io.billingsdk.costs.UsageAdapter;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Costs by the public data set, against its own code. Needs Node 20, and npm for the package. */
@Tag("system")
final class GenAiPricesTest {
  private static final String PACKAGE = "@pydantic/genai-prices@0.1.8";
  private static final Path HOME = Path.of("target/genai-prices").toAbsolutePath();
  private static final BigDecimal NEAR = new BigDecimal("0.000000001");
  private static final int LEAST_NODE = 20;
  private static final String NAME = "cost-genai-prices";

  /** Names of the data set for buckets that have another name here. */
  private static final Map<String, String> NAMES =
      Map.of(
          "input_audio_seconds", "audio_seconds",
          "input_document_pages", "pages",
          "input_annotated_document_pages", "annotated_pages",
          "input_text_messages", "messages");

  private final ObjectMapper json = new ObjectMapper();
  private final Set<String> models = new HashSet<>();
  private final Set<String> priceless = new HashSet<>();
  private final Set<String> mismatches = new TreeSet<>();
  private int compared;
  private int neither;
  private int refusedThere;

  @Test
  void models_ofTheDataSet_costWhatItsOwnCodeSays() throws Exception {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      Proof.skipped(NAME, missing.get());
      return;
    }
    Path script =
        Path.of(
            Optional.ofNullable(GenAiPricesTest.class.getResource("/genai-prices.mjs"))
                .orElseThrow()
                .toURI());
    Path output = HOME.resolve("prices.jsonl");
    assertThat(run(output, "node", script.toString(), HOME.toString())).as("exit").isZero();
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    notePriceless(json.readTree(lines.get(1)));
    PriceFile file = PriceFile.read(lines.get(1));
    ImportPlan plan = ImportPlan.of(Catalogue.EMPTY, file);
    CostRating rating = CostRating.of(plan.approve(Catalogue.EMPTY, plan.fingerprint(), Set.of()));
    for (String line : lines.subList(2, lines.size())) {
      compare(json.readTree(line), rating);
    }
    Proof.of(NAME)
        .with("version", json.readTree(lines.get(0)).path("version").asText())
        .with("models", models.size())
        .with("compared", compared)
        .with("unknown_to_both", neither)
        .with("refused_there", refusedThere)
        .with("models_without_price", priceless.size())
        .with("left_out", plan.findings().stream().map(ImportFinding::subject).distinct().count())
        .with("mismatches", mismatches.size())
        .with("listed", mismatches.stream().limit(20).toList())
        .print();
    assertThat(models).hasSizeGreaterThanOrEqualTo(300);
    assertThat(mismatches).isEmpty();
  }

  private void compare(JsonNode line, CostRating rating) {
    if (line.has("error")) {
      refusedThere++;
      return;
    }
    String model = line.path("provider").asText() + ":" + line.path("model").asText();
    PriceQuery query =
        PriceQuery.of(
            line.path("provider").asText(),
            line.path("model").asText(),
            Instant.parse(line.path("at").asText()));
    RatedCost cost = rating.rate(query, UsageAdapter.TOTALS.read(usage(line.path("usage"))));
    Optional<BigDecimal> ours = cost.amount();
    if (line.path("total").isNull() && ours.isEmpty()) {
      neither++;
      return;
    }
    if (priceless.contains(model) && cost.state() == CostState.UNKNOWN) {
      return;
    }
    models.add(model);
    compared++;
    boolean isSame =
        !line.path("total").isNull()
            && ours.map(amount -> isNear(amount, line.path("total").asText())).orElse(false);
    if (!isSame) {
      mismatches.add(
          model
              + " "
              + line.path("at").asText()
              + ": "
              + line.path("total").asText()
              + " there ("
              + line.path("found").asText()
              + "), here "
              + cost.explain());
    }
  }

  /** Models without any price: they cost 0 there, and here nobody knows. */
  private void notePriceless(JsonNode providers) {
    for (JsonNode provider : providers) {
      for (JsonNode model : provider.path("models")) {
        JsonNode prices = model.path("prices");
        if (prices.isObject() && prices.isEmpty()) {
          priceless.add(provider.path("id").asText() + ":" + model.path("id").asText());
        }
      }
    }
  }

  /** The other side counts in binary fractions. */
  private static boolean isNear(BigDecimal ours, String theirs) {
    BigDecimal there = new BigDecimal(theirs);
    return ours.subtract(there).abs().compareTo(there.abs().max(BigDecimal.ONE).multiply(NEAR))
        <= 0;
  }

  private static Map<String, Object> usage(JsonNode usage) {
    Map<String, Object> named = new TreeMap<>();
    usage
        .properties()
        .forEach(
            each ->
                named.put(
                    NAMES.getOrDefault(each.getKey(), each.getKey()), each.getValue().asLong()));
    // There the pages include those with annotations; here they are beside them.
    if (named.get("pages") instanceof Long pages
        && named.get("annotated_pages") instanceof Long annotated) {
      named.put("pages", pages - annotated);
    }
    return named;
  }

  private static Optional<String> missing() throws IOException, InterruptedException {
    Files.createDirectories(HOME);
    Path version = HOME.resolve("version.txt");
    if (run(version, "node", "--version") != 0) {
      return Optional.of("no node");
    }
    String text = Files.readString(version).trim();
    String major = text.replaceAll("^v([0-9]+).*", "$1");
    if (!major.matches("[0-9]{1,4}") || Integer.parseInt(major) < LEAST_NODE) {
      return Optional.of("node " + text + " is older than " + LEAST_NODE);
    }
    if (Files.exists(HOME.resolve("node_modules"))) {
      return Optional.empty();
    }
    List<String> install =
        List.of("install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix");
    List<String> command = new ArrayList<>(List.of("npm"));
    command.addAll(install);
    command.addAll(List.of(HOME.toString(), PACKAGE));
    return run(HOME.resolve("npm.txt"), command.toArray(String[]::new)) == 0
        ? Optional.empty()
        : Optional.of("npm cannot fetch " + PACKAGE);
  }

  private static int run(Path output, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }
}
