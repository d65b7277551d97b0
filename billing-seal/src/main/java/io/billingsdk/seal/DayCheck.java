package io.billingsdk.seal;

import io.billingsdk.seal.SealFinding.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of a day, one after the other, with its seal. It holds the first differences
 * alone, so a day may have any number of rows. For one thread, and one day.
 */
public final class DayCheck {
  private final DaySeal seal;
  private final boolean isSigned;
  private final boolean isChained;
  private final DayDigest now;
  private final @Nullable ListedEntries listed;
  private final @Nullable RowComparison comparison;

  DayCheck(
      DaySeal seal, boolean isSigned, boolean isChained, Optional<Iterator<SealEntry>> entries) {
    this.seal = seal;
    this.isSigned = isSigned;
    this.isChained = isChained;
    this.now = new DayDigest(seal.day(), seal.before());
    this.listed = entries.map(each -> new ListedEntries(seal, each)).orElse(null);
    this.comparison = listed == null ? null : new RowComparison(seal.day(), listed);
  }

  /**
   * Takes the next row as it is now.
   *
   * @throws IllegalArgumentException when it comes before the last one in the order of ids
   */
  public void found(LedgerRow row) {
    SealEntry entry = Digests.entry(row);
    now.add(entry);
    if (comparison != null) {
      comparison.found(entry);
    }
  }

  /** How many rows there were. */
  public long rows() {
    return now.rows();
  }

  /** The findings, once, after the last row; none if the day is as it was sealed. */
  public List<SealFinding> close() {
    List<SealFinding> findings = new ArrayList<>();
    long rows = now.rows();
    boolean isSame = now.end().equals(seal.digest());
    List<SealFinding> differences = comparison == null ? List.of() : comparison.close();
    boolean isListed = listed != null && listed.digest().equals(seal.digest());
    if (!isSigned || (isSame && rows != seal.rows())) {
      findings.add(SealFinding.of(seal.day(), Kind.FORGED));
    }
    if (!isChained) {
      findings.add(SealFinding.of(seal.day(), Kind.UNCHAINED));
    }
    if (isSame && listed != null && !isListed) {
      findings.add(SealFinding.of(seal.day(), Kind.LIST));
    }
    if (!isSame) {
      findings.addAll(isListed ? differences : List.of(SealFinding.of(seal.day(), Kind.UNNAMED)));
    }
    return findings;
  }

  /** The entries that were kept, and the digest of those that were read. */
  private static final class ListedEntries implements Iterator<SealEntry> {
    private final Iterator<SealEntry> entries;
    private final DayDigest digest;

    ListedEntries(DaySeal seal, Iterator<SealEntry> entries) {
      this.entries = entries;
      this.digest = new DayDigest(seal.day(), seal.before());
    }

    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public SealEntry next() {
      SealEntry next = entries.next();
      digest.add(next);
      return next;
    }

    String digest() {
      return digest.end();
    }
  }
}
