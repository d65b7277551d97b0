package io.billingsdk.examples.demo;

import io.billingsdk.examples.usage.UsageLine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The reported usage beside the stored one. */
final class ComparedUsage {
  private ComparedUsage() {}

  /** One account of a subject; zero when it has none. */
  record Side(long events, BigDecimal usage) {
    private static final Side NONE = new Side(0, BigDecimal.ZERO);
  }

  /** Both accounts of a subject. */
  record Row(UsageLine.Subject subject, Side reported, Side stored) {
    boolean equal() {
      return reported.equals(stored);
    }
  }

  /** Every subject that either side knows, sorted. */
  static List<Row> rows(ScenarioResult result) {
    Map<UsageLine.Subject, Side> reported = sides(result.reported());
    Map<UsageLine.Subject, Side> stored = sides(result.stored());
    TreeSet<UsageLine.Subject> subjects =
        new TreeSet<>(
            Comparator.comparing(UsageLine.Subject::appId)
                .thenComparing(UsageLine.Subject::keyId)
                .thenComparing(UsageLine.Subject::module)
                .thenComparing(UsageLine.Subject::model));
    subjects.addAll(reported.keySet());
    subjects.addAll(stored.keySet());
    List<Row> rows = new ArrayList<>();
    for (UsageLine.Subject subject : subjects) {
      rows.add(
          new Row(
              subject,
              reported.getOrDefault(subject, Side.NONE),
              stored.getOrDefault(subject, Side.NONE)));
    }
    return rows;
  }

  private static Map<UsageLine.Subject, Side> sides(List<UsageLine> lines) {
    Map<UsageLine.Subject, Side> sides = new LinkedHashMap<>();
    lines.forEach(line -> sides.put(line.subject(), new Side(line.events(), line.usage())));
    return sides;
  }
}
