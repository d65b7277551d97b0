package io.billingsdk.internal.client;

import io.billingsdk.RejectionReason;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What callers get wrong, and what is just right. */
final class BadInputCases {
  /** Part of every key and value here; it must appear in no message. */
  static final String CANARY = "canary";

  private static final String KEY = "sk-" + CANARY;
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

  private BadInputCases() {}

  /**
   * One input.
   *
   * @param field that the refusal must name
   * @param bound that its message must state
   */
  record Case(
      String name, @Nullable UsageEvent event, RejectionReason reason, String field, String bound) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> refused() {
    List<Case> all = new ArrayList<>();
    all.add(new Case("null event", null, RejectionReason.INVALID, "event", "null"));
    keys(all);
    names(all);
    numbers(all);
    quantities(all);
    users(all);
    metadataShape(all);
    metadataValues(all);
    hostile(all);
    return all;
  }

  private static void keys(List<Case> all) {
    all.add(key("null key", null));
    all.add(key("empty key", ""));
    all.add(key("blank key", " \t"));
    all.add(key("key of 257 bytes", "k".repeat(257)));
    all.add(key("key of 300 bytes", KEY + "x".repeat(300 - KEY.length())));
    all.add(key("non-ASCII key", KEY + "ü"));
    all.add(key("key with space", KEY + " x"));
    all.add(key("key with line feed", KEY + "\n"));
    all.add(key("key with NUL", KEY + "\u0000"));
    all.add(key("key with half a surrogate pair", KEY + "\ud83d"));
  }

  private static void names(List<Case> all) {
    for (String field : List.of("module", "model")) {
      all.add(name(field, "null", null, "1 to 256"));
      all.add(name(field, "blank", "  ", "1 to 256"));
      all.add(name(field, "empty", "", "1 to 256"));
      all.add(name(field, "of 257 characters", CANARY + "m".repeat(251), "1 to 256"));
      all.add(name(field, "with half a surrogate pair", CANARY + "\ude00", "well-formed"));
    }
  }

  private static void numbers(List<Case> all) {
    for (double usage :
        new double[] {
          -1,
          -Double.MIN_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Math.nextUp(9_007_199_254_740_992.0),
          Double.MAX_VALUE
        }) {
      all.add(
          invalid("usage " + usage, UsageEvent.of(KEY, "llm", "m", usage), "usage", "0 to 2^53"));
    }
    for (Instant time :
        List.of(
            NOW.plus(Duration.ofDays(1)).plusMillis(1),
            Instant.MAX,
            Instant.MIN,
            Instant.ofEpochMilli(-1))) {
      all.add(invalid("time " + time, ok().withTime(time), "time", "at most a day ahead"));
    }
  }

  private static void quantities(List<Case> all) {
    UsageEvent many = ok();
    for (int i = 0; i < 17; i++) {
      many = many.quantity("q_" + i, i);
    }
    all.add(invalid("17 quantities", many, "quantities", "at most 16 entries, but has 17"));
    for (String name : Arrays.asList(null, "", "Tokens", "a b", CANARY + "-", "n".repeat(65))) {
      all.add(
          invalid("quantity " + name, ok().quantity(name, 1), "quantities", "1 to 64 of a-z, 0-9"));
    }
    all.add(quantity("negative", ok().quantity("tokens", -1)));
    all.add(quantity("NaN", ok().quantity("tokens", Double.NaN)));
    all.add(quantity("infinite", ok().quantity("tokens", Double.POSITIVE_INFINITY)));
    all.add(quantity("null", ok().quantity("tokens", (BigDecimal) null)));
    all.add(quantity("too many", ok().quantity("tokens", 9_007_199_254_740_993L)));
    all.add(quantity("of 19 decimals", ok().quantity("tokens", new BigDecimal("1E-19"))));
    all.add(quantity("huge", ok().quantity("tokens", new BigDecimal("1E+999999999"))));
    all.add(quantity("tiny", ok().quantity("tokens", new BigDecimal("1E-999999999"))));
    all.add(quantity("endless", ok().quantity("tokens", new BigDecimal(endless()))));
    for (BigDecimal usage :
        Arrays.asList(null, new BigDecimal("1E-19"), new BigDecimal(endless()))) {
      all.add(
          invalid(
              "exact usage " + (usage == null ? "null" : usage.precision()),
              UsageEvent.of(KEY, "llm", "m", usage),
              "usage",
              "at most 18 decimals"));
    }
  }

  private static BigInteger endless() {
    return BigInteger.ONE.shiftLeft(100_000);
  }

  private static Case quantity(String name, UsageEvent event) {
    return invalid("quantity " + name, event, "quantities.tokens", "0 to 2^53 with at most 18");
  }

  private static void users(List<Case> all) {
    users(all, "empty", "", "1 to 256");
    users(all, "blank", " \t", "1 to 256");
    users(all, "of 257 characters", CANARY + "x".repeat(251), "but has 257");
    users(all, "with half a surrogate pair", CANARY + "\ud83d", "well-formed");
    users(all, "with NUL", CANARY + "\u0000", "well-formed");
  }

  private static void users(List<Case> all, String what, String text, String bound) {
    all.add(invalid("subject " + what, ok().withSubject(text), "subject", bound));
    all.add(invalid("session " + what, ok().withSession(text), "session", bound));
    all.add(invalid("execution " + what, ok().withExecution(text), "execution", bound));
  }

  private static void metadataShape(List<Case> all) {
    all.add(metadata("33 entries", entries(33), "metadata", "32 entries, but has 33"));
    all.add(metadata("name of 65", Map.of("n".repeat(65), 1), "metadata", "1 to 64"));
    all.add(metadata("empty name", Map.of("", 1), "metadata", "1 to 64"));
    all.add(metadata("null name", Collections.singletonMap(null, 1), "metadata", "1 to 64"));
    all.add(metadata("ill-formed name", Map.of("\ud800", 1), "metadata", "well-formed"));
    all.add(metadata("33 inside", Map.of("m", entries(33)), "metadata.m", "32 entries"));
    all.add(
        metadata(
            "list of 33", Map.of("l", Collections.nCopies(33, 1)), "metadata.l", "but has 33"));
    all.add(
        metadata("name of 65 inside", Map.of("m", Map.of("n".repeat(65), 1)), "metadata.m", "64"));
    all.add(
        metadata("map in map", Map.of("m", Map.of("n", Map.of())), "metadata.m.n", "one level"));
    all.add(
        metadata("list in list", Map.of("l", List.of(1, List.of())), "metadata.l[1]", "one level"));
    all.add(metadata("map in list", Map.of("l", List.of(Map.of())), "metadata.l[0]", "one level"));
    all.add(
        metadata("list in map", Map.of("m", Map.of("n", List.of())), "metadata.m.n", "one level"));
    Map<String, @Nullable Object> itself = new HashMap<>();
    itself.put("self", itself);
    all.add(metadata("map in itself", itself, "metadata.self.self", "one level"));
  }

  private static void metadataValues(List<Case> all) {
    all.add(value("string of 1,025", CANARY + "x".repeat(1_019), "at most 1024 characters"));
    all.add(value("ill-formed string", CANARY + "\ud83d", "well-formed"));
    all.add(
        value("unsupported type", new AtomicReference<>(CANARY), "string, number, boolean, null"));
    all.add(value("array", new int[] {1}, "string, number, boolean, null, map or list"));
    all.add(value("instant", NOW, "string, number, boolean, null, map or list"));
    all.add(value("NaN", Double.NaN, "finite"));
    all.add(value("infinity", Double.NEGATIVE_INFINITY, "finite"));
    all.add(value("NaN of 32 bits", Float.NaN, "finite"));
    all.add(value("number type of its own", new AtomicInteger(1), "JDK type"));
    all.add(value("integer of 513 bits", BigInteger.ONE.shiftLeft(512), "512 bits"));
    all.add(
        value("decimal of 513 bits", new BigDecimal(BigInteger.ONE.shiftLeft(512)), "512 bits"));
    all.add(value("decimal that is huge", new BigDecimal("1E+999999999"), "scale of at most 128"));
    all.add(value("decimal that is tiny", new BigDecimal("1E-999999999"), "scale of at most 128"));
    all.add(
        metadata(
            "NaN in a list", Map.of("l", List.of(1.0, Double.NaN)), "metadata.l[1]", "finite"));
  }

  private static void hostile(List<Case> all) {
    Map<String, Object> large = new LinkedHashMap<>();
    for (int i = 0; i < 17; i++) {
      large.put("part" + i, CANARY + "x".repeat(1_018));
    }
    all.add(
        new Case(
            "17 KiB", ok().withMetadata(large), RejectionReason.TOO_LARGE, "event", "16384 bytes"));
    all.add(metadata("map that throws", new HostileMaps.Throwing(), "metadata", "cannot be read"));
    all.add(metadata("map without end", new HostileMaps.Endless(), "metadata", "32 entries"));
    all.add(
        metadata("map that changes while read", new HostileMaps.Changing(), "metadata", "cannot"));
    all.add(
        metadata(
            "map that becomes NaN", new HostileMaps.Becoming(Double.NaN), "metadata", "cannot"));
    all.add(
        metadata(
            "map that becomes deep", new HostileMaps.Becoming(deep(5_000)), "metadata", "cannot"));
  }

  private static Object deep(int levels) {
    Object inner = 1;
    for (int i = 0; i < levels; i++) {
      inner = List.of(inner);
    }
    return inner;
  }

  static List<Case> taken() {
    List<Case> all = new ArrayList<>();
    all.add(taken("plain", ok()));
    all.add(taken("key of 256", UsageEvent.of("k".repeat(256), "llm", "m", 1)));
    all.add(taken("shortest", UsageEvent.of("k", "l", "m", 0)));
    all.add(taken("names of 256", UsageEvent.of(KEY, "m".repeat(256), "m".repeat(256), 1)));
    all.add(taken("names beyond ASCII", UsageEvent.of(KEY, "größe 😀", "模型", 1)));
    all.add(taken("usage 2^53", UsageEvent.of(KEY, "llm", "m", 9_007_199_254_740_992.0)));
    all.add(taken("usage of 18 decimals", UsageEvent.of(KEY, "llm", "m", new BigDecimal("1E-18"))));
    all.add(
        taken(
            "usage of 40 zeros",
            UsageEvent.of(
                KEY, "llm", "m", new BigDecimal("1.0000000000000000000000000000000000000000"))));
    all.add(taken("double of many decimals", UsageEvent.of(KEY, "llm", "m", 1 / 700.0)));
    UsageEvent full =
        ok().withSubject("s".repeat(256)).withSession("Sitzung 😀").withExecution("e");
    for (int i = 0; i < 16; i++) {
      full = full.quantity("n".repeat(62) + "_" + (char) ('a' + i), new BigDecimal("0.5"));
    }
    all.add(taken("16 quantities and all users", full));
    all.add(taken("usage -0.0", UsageEvent.of(KEY, "llm", "m", -0.0)));
    all.add(taken("a day ahead", ok().withTime(NOW.plus(Duration.ofDays(1)))));
    all.add(taken("1970", ok().withTime(Instant.EPOCH)));
    all.add(taken("32 entries", ok().withMetadata(entries(32))));
    all.add(taken("empty metadata", ok().withMetadata(Map.of())));
    all.add(taken("null value", ok().withMetadata(Collections.singletonMap("n", null))));
    all.add(taken("string of 1,024", ok().withMetadata(Map.of("s", "x".repeat(1_024)))));
    all.add(taken("name of 64", ok().withMetadata(Map.of("n".repeat(64), ""))));
    all.add(
        taken(
            "one level",
            ok().withMetadata(Map.of("m", entries(32), "l", Arrays.asList(1, null, "x", true)))));
    all.add(
        taken(
            "largest numbers",
            ok().withMetadata(
                    Map.of(
                        "i",
                        BigInteger.TWO.pow(512).subtract(BigInteger.ONE),
                        "d",
                        new BigDecimal(BigInteger.TWO.pow(511), 128)))));
    return all;
  }

  private static UsageEvent ok() {
    return UsageEvent.of(KEY, "llm", "gpt-4", 1);
  }

  private static Map<String, Object> entries(int count) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      map.put("n" + i, i);
    }
    return map;
  }

  private static Case invalid(String name, UsageEvent event, String field, String bound) {
    return new Case(name, event, RejectionReason.INVALID, field, bound);
  }

  private static Case key(String name, @Nullable String key) {
    return invalid(
        name, UsageEvent.of(key, "llm", "gpt-4", 1), "apiKey", "1 to 256 printable ASCII");
  }

  private static Case name(String field, String what, @Nullable String name, String bound) {
    UsageEvent event =
        field.equals("module")
            ? UsageEvent.of(KEY, name, "gpt-4", 1)
            : UsageEvent.of(KEY, "llm", name, 1);
    return invalid(field + " " + what, event, field, bound);
  }

  private static Case metadata(String name, Map<String, ?> metadata, String field, String bound) {
    return invalid("metadata: " + name, ok().withMetadata(metadata), field, bound);
  }

  private static Case value(String name, Object value, String bound) {
    return metadata(name, Map.of("v", value), "metadata.v", bound);
  }

  private static Case taken(String name, UsageEvent event) {
    return new Case(name, event, RejectionReason.INVALID, "", "");
  }
}
