package io.billingsdk.seal;

import io.billingsdk.seal.SealFinding.Kind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What differs in a day: the first thousand rows by name, the others by their number, so that a day
 * that was rewritten as a whole needs no more memory than an honest one. For one thread.
 */
final class Differences {
  static final int MOST = 1_000;

  private final LocalDate day;
  private final List<SealFinding> findings = new ArrayList<>();
  private final List<Changed> changed = new ArrayList<>();
  private long more;

  private record Changed(String id, String was, String now) {}

  Differences(LocalDate day) {
    this.day = day;
  }

  void add(Kind kind, String id) {
    if (isFull()) {
      more++;
    } else {
      findings.add(new SealFinding(day, kind, List.of(id)));
    }
  }

  void changed(String id, String was, String now) {
    if (isFull()) {
      more++;
    } else {
      changed.add(new Changed(id, was, now));
    }
  }

  private boolean isFull() {
    return findings.size() + changed.size() >= MOST;
  }

  /** All of them, once. */
  List<SealFinding> findings() {
    contents();
    if (more > 0) {
      findings.add(new SealFinding(day, Kind.MORE, List.of(Long.toString(more))));
    }
    return findings;
  }

  /** Rows that say something else: a pair that says what the other one said was swapped. */
  private void contents() {
    Map<String, String> byChange = new HashMap<>();
    changed.forEach(each -> byChange.put(each.was() + each.now(), each.id()));
    Set<String> paired = new HashSet<>();
    for (Changed each : changed) {
      if (paired.contains(each.id())) {
        continue;
      }
      String other = byChange.get(each.now() + each.was());
      if (other != null && paired.add(other)) {
        paired.add(each.id());
        findings.add(new SealFinding(day, Kind.SWAPPED, List.of(each.id(), other)));
      } else {
        findings.add(new SealFinding(day, Kind.CHANGED, List.of(each.id())));
      }
    }
  }
}
