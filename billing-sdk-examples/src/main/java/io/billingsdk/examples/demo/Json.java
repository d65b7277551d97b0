package io.billingsdk.examples.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.TreeMap;

/** The result as one JSON object, for programs. */
final class Json {
  private static final JsonMapper MAPPER =
      // 120 and not 1.2E+2: sums are stored without trailing zeros.
      JsonMapper.builder().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private Json() {}

  static String of(ScenarioResult result, long seed, double seconds) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("calls", result.calls()).put("seed", seed);
    root.put("allowed", result.allowed()).put("failed", result.failed());
    ObjectNode denied = root.putObject("denied");
    new TreeMap<>(result.denied()).forEach(denied::put);
    root.put("reported", ScenarioResult.events(result.reported()));
    root.put("stored", ScenarioResult.events(result.stored()));
    root.put("equal", result.equal());
    root.put("held_in_outage", result.heldInOutage());
    root.put("refused", result.ledger().refused());
    root.put("missing", result.ledger().missing());
    usage(root.putArray("usage"), result);
    root.put("ok", result.ok());
    ArrayNode problems = root.putArray("problems");
    result.problems().forEach(problems::add);
    root.put("seconds", Math.round(seconds * 10) / 10.0);
    try {
      return MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of texts and numbers can be written", impossible);
    }
  }

  private static void usage(ArrayNode array, ScenarioResult result) {
    for (ComparedUsage.Row row : ComparedUsage.rows(result)) {
      ObjectNode line = array.addObject();
      line.put("app", row.subject().appId()).put("key_id", row.subject().keyId());
      line.put("module", row.subject().module()).put("model", row.subject().model());
      side(line.putObject("reported"), row.reported());
      side(line.putObject("stored"), row.stored());
      line.put("equal", row.equal());
    }
  }

  private static void side(ObjectNode node, ComparedUsage.Side side) {
    BigDecimal usage = side.usage();
    node.put("events", side.events()).put("usage", usage);
  }
}
