package io.billingsdk.examples.demo;

import static io.billingsdk.examples.demo.PlannedCall.KeyUse.BLOCKED;
import static io.billingsdk.examples.demo.PlannedCall.KeyUse.BLOCKED_HALF_WAY;
import static io.billingsdk.examples.demo.PlannedCall.KeyUse.MISSING;
import static io.billingsdk.examples.demo.PlannedCall.KeyUse.UNKNOWN;
import static io.billingsdk.examples.demo.PlannedCall.KeyUse.VALID;

import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import io.billingsdk.examples.demo.PlannedCall.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The calls of a run, in two halves: between them a key is blocked. The same seed and inputs give
 * the same plan.
 */
record CallPlan(List<PlannedCall> firstHalf, List<PlannedCall> secondHalf) {
  /** Both halves show every kind of key at least once from this many calls on. */
  public static final int FEWEST_CALLS = 10;

  private static final List<KeyUse> EVERY_KIND =
      List.of(VALID, BLOCKED_HALF_WAY, BLOCKED, UNKNOWN, MISSING);

  /** Out of ten calls five carry a valid key, and so on. */
  private static final List<KeyUse> WEIGHTED =
      List.of(
          VALID,
          VALID,
          VALID,
          VALID,
          VALID,
          BLOCKED_HALF_WAY,
          BLOCKED_HALF_WAY,
          BLOCKED,
          UNKNOWN,
          MISSING);

  private static final List<String> HEADERS =
      List.of("api-key", "apikey", "x-api-key", "authorization");

  private static final List<Service> WITHOUT_AUDIO =
      List.of(Service.LLM, Service.LLM_STREAMING, Service.TTS);
  private static final List<Service> WITH_AUDIO = List.of(Service.values());

  private static final int ONE_IN_EMPTY = 20;

  /** Plans so many calls. */
  public static CallPlan of(int calls, long seed, DemoInputs inputs) {
    if (calls < FEWEST_CALLS) {
      throw new IllegalArgumentException(
          "calls must be at least " + FEWEST_CALLS + ", but was " + calls);
    }
    Random random = new Random(seed);
    int firstHalf = calls / 2;
    return new CallPlan(
        half(1, firstHalf, random, inputs), half(firstHalf + 1, calls - firstHalf, random, inputs));
  }

  /** How many calls of the plan have to be refused, by reason. */
  public Map<String, Long> expectedDenials() {
    Map<String, Long> denials = new TreeMap<>();
    firstHalf.forEach(call -> countDenial(denials, call.key(), /* blockedNow= */ false));
    secondHalf.forEach(call -> countDenial(denials, call.key(), /* blockedNow= */ true));
    return denials;
  }

  private static void countDenial(Map<String, Long> denials, KeyUse key, boolean blockedNow) {
    String reason =
        switch (key) {
          case VALID -> null;
          case BLOCKED_HALF_WAY -> blockedNow ? "CONSUMER_SUSPENDED" : null;
          case BLOCKED -> "CONSUMER_SUSPENDED";
          case UNKNOWN -> "API_KEY_INVALID";
          case MISSING -> "CREDENTIALS_MISSING";
        };
    if (reason != null) {
      denials.merge(reason, 1L, Long::sum);
    }
  }

  private static List<PlannedCall> half(int first, int calls, Random random, DemoInputs inputs) {
    List<PlannedCall> half = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      KeyUse key =
          i < EVERY_KIND.size() ? EVERY_KIND.get(i) : WEIGHTED.get(random.nextInt(WEIGHTED.size()));
      half.add(call(first + i, key, random, inputs));
    }
    return List.copyOf(half);
  }

  private static PlannedCall call(int number, KeyUse key, Random random, DemoInputs inputs) {
    List<Service> services = inputs.wavs().isEmpty() ? WITHOUT_AUDIO : WITH_AUDIO;
    Service service = services.get(random.nextInt(services.size()));
    int input =
        service == Service.ASR
            ? random.nextInt(inputs.wavs().size())
            : random.nextInt(ONE_IN_EMPTY) == 0
                ? PlannedCall.EMPTY
                : random.nextInt(inputs.prompts().size());
    return new PlannedCall(
        number, service, key, input, HEADERS.get(random.nextInt(HEADERS.size())));
  }
}
