package io.billingsdk.seal;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The digests of seals as somebody else keeps them: a text of one line a day, {@code day digest
 * signature}. Immutable.
 */
public final class Witness {
  private final SortedMap<LocalDate, String> digests;

  private Witness(SortedMap<LocalDate, String> digests) {
    this.digests = Collections.unmodifiableSortedMap(digests);
  }

  /** The line that a new seal adds to the file, with its line end. */
  public static String line(DaySeal seal) {
    return seal.day() + " " + seal.digest() + " " + seal.signature() + "\n";
  }

  /** Reads the file. The first line of a day counts: a later one cannot replace it. */
  public static Witness parse(String text) {
    TreeMap<LocalDate, String> digests = new TreeMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String[] parts = line.split(" ", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException(
            "line " + number + " must be a day, a digest and a signature, but is: " + line);
      }
      digests.putIfAbsent(day(parts[0], number), parts[1]);
    }
    return new Witness(digests);
  }

  private static LocalDate day(String text, int number) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "line " + number + " must begin with a day such as 2026-05-31, but does with " + text, e);
    }
  }

  /** The digest that it has of a day. */
  public Optional<String> digest(LocalDate day) {
    return Optional.ofNullable(digests.get(day));
  }

  /** Its last day; empty without any. */
  public Optional<LocalDate> last() {
    return digests.isEmpty() ? Optional.empty() : Optional.of(digests.lastKey());
  }

  /** Its part from a day to another one, both included. */
  public Witness between(LocalDate from, LocalDate to) {
    TreeMap<LocalDate, String> part = new TreeMap<>();
    digests.forEach(
        (day, digest) -> {
          if (!day.isBefore(from) && !day.isAfter(to)) {
            part.put(day, digest);
          }
        });
    return new Witness(part);
  }

  /**
   * The days of the witness whose seal is another one, or is gone.
   *
   * @param now the digests of all seals of these days, by their days
   */
  public List<SealFinding> compare(Map<LocalDate, String> now) {
    List<SealFinding> findings = new ArrayList<>();
    digests.forEach(
        (day, digest) -> {
          if (!now.containsKey(day)) {
            findings.add(SealFinding.of(day, SealFinding.Kind.MISSING));
          } else if (!digest.equals(now.get(day))) {
            findings.add(SealFinding.of(day, SealFinding.Kind.REPLACED));
          }
        });
    return findings;
  }
}
