package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Events with 1 to 16 quantities each, from a seed, and what they amount to. */
final class DetailedEvents {
  static final List<String> NAMES =
      List.of(
          "input_tokens",
          "output_tokens",
          "cache_read_input_tokens",
          "cache_creation_input_tokens",
          "reasoning_output_tokens",
          "input_audio_tokens",
          "output_audio_tokens",
          "audio_seconds",
          "characters",
          "images",
          "requests",
          "bytes",
          "duration_ms",
          "9",
          "_",
          "n".repeat(64));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final BigDecimal MOST = new BigDecimal("9007199254740992");
  private static final int DECIMALS = 18;

  private final Random random;
  private final List<DetailedEvent> all = new ArrayList<>();

  DetailedEvents(long seed) {
    this.random = new Random(seed);
  }

  /**
   * One of them.
   *
   * @param model which no other has
   */
  record DetailedEvent(
      String model,
      Map<String, BigDecimal> quantities,
      String subject,
      String session,
      String execution) {
    /** Another one under the same name. */
    DetailedEvent with(Map<String, BigDecimal> otherQuantities, String otherSubject) {
      return new DetailedEvent(model, otherQuantities, otherSubject, session, execution);
    }

    /** As the HTTP API takes it; amounts as numbers, or as texts. */
    ObjectNode json(boolean texts) {
      ObjectNode event = JSON.createObjectNode();
      event.put("keyId", "k_1").put("module", "llm").put("model", model).put("usage", 1);
      event.put("subject", subject).put("session", session).put("execution", execution);
      ObjectNode amounts = event.putObject("quantities");
      for (Map.Entry<String, BigDecimal> each : quantities.entrySet()) {
        if (texts) {
          amounts.put(each.getKey(), each.getValue().toPlainString());
        } else {
          amounts.put(each.getKey(), each.getValue());
        }
      }
      return event;
    }

    /** As protocol v2 has it. */
    String v2(long seq, long millis) {
      ObjectNode event = json(/* texts= */ false);
      event.put("key_id", "k_1").remove("keyId");
      return event.put("seq", seq).put("ts", millis).toString();
    }

    /** Whether an event of an answer says the same. */
    boolean isShownAs(JsonNode event) {
      Map<String, BigDecimal> shown = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each : event.path("quantities").properties()) {
        shown.put(each.getKey(), new BigDecimal(each.getValue().textValue()));
      }
      return shown.keySet().equals(quantities.keySet())
          && quantities.entrySet().stream()
              .allMatch(each -> each.getValue().compareTo(shown.get(each.getKey())) == 0)
          && event.path("subject").asText().equals(subject)
          && event.path("session").asText().equals(session)
          && event.path("execution").asText().equals(execution);
    }
  }

  /** Some more, with 1, 2 … 16 quantities in turn. */
  List<DetailedEvent> next(int events) {
    List<DetailedEvent> made = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      made.add(event(1 + i % NAMES.size()));
    }
    all.addAll(made);
    return made;
  }

  private DetailedEvent event(int quantities) {
    List<String> names = new ArrayList<>(NAMES);
    Collections.shuffle(names, random);
    Map<String, BigDecimal> amounts = new LinkedHashMap<>();
    names.subList(0, quantities).forEach(name -> amounts.put(name, amount()));
    int number = all.size() + random.nextInt(1 << 30);
    return new DetailedEvent(
        "m-" + number,
        amounts,
        "user " + number % 5 + " ünï",
        "session-" + number % 20,
        "run-" + number);
  }

  private BigDecimal amount() {
    return switch (random.nextInt(6)) {
      case 0 -> BigDecimal.ZERO;
      case 1 -> MOST;
      case 2 -> new BigDecimal(BigInteger.ONE, DECIMALS);
      case 3 -> new BigDecimal(new BigInteger(50, random), 1 + random.nextInt(DECIMALS));
      case 4 -> new BigDecimal(random.nextInt(1_000) + ".50");
      default -> BigDecimal.valueOf(random.nextInt(100_000));
    };
  }

  List<DetailedEvent> all() {
    return all;
  }

  /** The sum of a quantity, of all or of one subject. */
  BigDecimal sum(String name, String subject) {
    return all.stream()
        .filter(each -> subject.isEmpty() || each.subject().equals(subject))
        .map(each -> each.quantities().getOrDefault(name, BigDecimal.ZERO))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
