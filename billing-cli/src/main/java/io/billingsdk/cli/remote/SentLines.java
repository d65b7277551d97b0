package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of lines. For one thread. */
final class SentLines {
  private long lines;
  private long stored;
  private long duplicates;
  private long conflicts;
  private long rejected;
  private long unattributed;

  /** Lines that have an outcome; without those that are empty they are the sum of the others. */
  long lines() {
    return lines;
  }

  /** Lines that are not in the ledger. */
  long refused() {
    return conflicts + rejected;
  }

  /** Of those that are stored, the ones that belong to no app. */
  long unattributed() {
    return unattributed;
  }

  /**
   * Takes the answer of a part in.
   *
   * @param answer the lines of it that are JSON, the last with the sums
   * @return the texts for those that are not in the ledger
   */
  List<String> add(LineBatches.LineBatch part, List<JsonNode> answer) {
    List<String> refusals = new ArrayList<>();
    for (JsonNode each : answer) {
      String status = each.path("status").asText();
      if (status.equals("rejected") || status.equals("conflict")) {
        refusals.add(refusal(part, each));
      }
    }
    JsonNode sums = answer.get(answer.size() - 1);
    lines += part.lines();
    stored += sums.path("stored").longValue();
    duplicates += sums.path("duplicates").longValue();
    conflicts += sums.path("conflicts").longValue();
    rejected += sums.path("rejected").longValue();
    unattributed += sums.path("unattributed").longValue();
    return refusals;
  }

  private static String refusal(LineBatches.LineBatch part, JsonNode line) {
    long number = part.block() * LineBatches.BLOCK + line.path("line").longValue();
    return String.format(
        Locale.ROOT,
        "line %d: %s: %s",
        number,
        Text.printable(line.path("code").asText()),
        Text.printable(line.path("detail").asText()));
  }

  /** For programs. */
  String json() {
    ObjectNode sums = BillingHttp.JSON.createObjectNode();
    sums.put("lines", lines);
    sums.put("stored", stored);
    sums.put("duplicates", duplicates);
    sums.put("conflicts", conflicts);
    sums.put("rejected", rejected);
    sums.put("unattributed", unattributed);
    return sums.toString();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d stored, %d duplicates, %s%d rejected",
        stored,
        duplicates,
        conflicts == 0 ? "" : conflicts + " conflicts, ",
        rejected);
  }
}
