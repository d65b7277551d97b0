package io.billingsdk.seal;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the rows of a day with the entries of its seal. Used once. */
final class RowComparison {
  private final LocalDate day;
  private final List<SealEntry> sealed;
  private final List<SealEntry> found;
  private final Map<String, String> sealedContent = new LinkedHashMap<>();
  private final Map<String, String> foundContent = new LinkedHashMap<>();
  private final List<SealFinding> findings = new ArrayList<>();

  RowComparison(LocalDate day, List<SealEntry> sealed, List<SealEntry> found) {
    this.day = day;
    this.sealed = sealed;
    this.found = found;
    sealed.forEach(entry -> sealedContent.put(entry.id(), entry.content()));
    found.forEach(entry -> foundContent.putIfAbsent(entry.id(), entry.content()));
  }

  List<SealFinding> findings() {
    if (!sealed.equals(found)) {
      missingAndAdded();
      contents();
      places();
    }
    return findings;
  }

  private void missingAndAdded() {
    for (SealEntry entry : sealed) {
      if (!foundContent.containsKey(entry.id())) {
        add(SealFinding.Kind.DELETED, entry.id());
      }
    }
    Set<String> seen = new HashSet<>();
    for (SealEntry entry : found) {
      if (!sealedContent.containsKey(entry.id()) || !seen.add(entry.id())) {
        add(SealFinding.Kind.INSERTED, entry.id());
      }
    }
  }

  /** Rows that say something else: a pair that says what the other one said was swapped. */
  private void contents() {
    List<String> changed = new ArrayList<>();
    Map<String, String> byChange = new HashMap<>();
    sealedContent.forEach(
        (id, was) -> {
          String now = foundContent.getOrDefault(id, was);
          if (!now.equals(was)) {
            changed.add(id);
            byChange.put(was + now, id);
          }
        });
    Set<String> paired = new HashSet<>();
    for (String id : changed) {
      String turned = foundContent.getOrDefault(id, "") + sealedContent.getOrDefault(id, "");
      String other = byChange.getOrDefault(turned, id);
      if (paired.contains(id)) {
        continue;
      }
      if (!other.equals(id) && paired.add(other)) {
        paired.add(id);
        add(SealFinding.Kind.SWAPPED, id + " " + other);
      } else {
        add(SealFinding.Kind.CHANGED, id);
      }
    }
  }

  /** Rows that are the same, in another order. */
  private void places() {
    List<String> before =
        sealed.stream().map(SealEntry::id).filter(foundContent::containsKey).distinct().toList();
    List<String> after =
        found.stream().map(SealEntry::id).filter(sealedContent::containsKey).distinct().toList();
    Set<String> named = new HashSet<>();
    for (int i = 0; i < before.size(); i++) {
      String was = before.get(i);
      String is = after.get(i);
      if (!was.equals(is) && named.add(was)) {
        named.add(is);
        add(SealFinding.Kind.SWAPPED, was + " " + is);
      }
    }
  }

  private void add(SealFinding.Kind kind, String rows) {
    findings.add(new SealFinding(day, kind, rows));
  }
}
