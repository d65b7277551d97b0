package io.billingsdk.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.seal.SealFinding.Kind;
import io.billingsdk.testbed.Proof;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class SealTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 5, 1);
  private static final int RELEASE = 10_000;

  private final KeyPair keys = pair();
  private final Sealer sealer = new Sealer(keys.getPrivate());
  private final SealVerifier verifier = new SealVerifier(keys.getPublic());
  private final List<LedgerRow> day = day(0, 20);
  private final SealedDay sealed = seal(sealer, FIRST, day, Optional.empty());
  private final DaySeal seal = sealed.seal();

  private record SealedDay(DaySeal seal, List<SealEntry> entries) {}

  @Test
  void honestDay_hasNoFinding() {
    assertThat(verify(day, seal, sealed.entries())).isEmpty();
    assertThat(seal(sealer, FIRST, day, Optional.empty())).isEqualTo(sealed);
    assertThat(seal.rows()).isEqualTo(20);
  }

  @Test
  void rows_changedDeletedInsertedSwapped_areNamed() {
    int named = 0;
    named += names(rows -> rows.set(3, row(3, "9.99")), "CHANGED [r03]");
    named += names(rows -> rows.remove(7), "DELETED [r07]");
    named += names(rows -> rows.add(5, row("r045", "1")), "INSERTED [r045]");
    named += names(SealTest::swapContents, "SWAPPED [r02, r11]");
    Proof.of("ledger-verify").with("tampered", 4).with("named", named).print();
    assertThat(named).isEqualTo(4);
  }

  @Test
  void firstAndLastRows_deletedOrInserted_areNamed() {
    assertThat(names(rows -> rows.remove(0), "DELETED [r00]")).isEqualTo(1);
    assertThat(names(rows -> rows.remove(19), "DELETED [r19]")).isEqualTo(1);
    assertThat(names(rows -> rows.add(0, row("a", "1")), "INSERTED [a]")).isEqualTo(1);
    assertThat(names(rows -> rows.add(row("z", "1")), "INSERTED [z]")).isEqualTo(1);
  }

  @Test
  void rowTwice_isNamedAsInserted_whicheverComesFirst() {
    assertThat(names(rows -> rows.add(4, rows.get(4)), "INSERTED [r04]")).isEqualTo(1);
    assertThat(names(rows -> rows.add(4, row(4, "7")), "INSERTED [r04]")).isEqualTo(1);
    assertThat(names(rows -> rows.add(5, row(4, "7")), "INSERTED [r04]")).isEqualTo(1);
  }

  @Test
  void dayThatWasRewritten_hasItsFirstRowsNamedAndTheOthersCounted() {
    List<LedgerRow> many = day(0, 3_000);
    SealedDay whole = seal(sealer, FIRST, many, Optional.empty());
    List<LedgerRow> other = many.stream().map(each -> row(each.id(), "other")).toList();
    List<SealFinding> findings = verify(other, whole.seal(), whole.entries());
    assertThat(findings).hasSize(Differences.MOST + 1);
    assertThat(findings.get(Differences.MOST).sentence())
        .isEqualTo("2026-05-01: further rows that differ: 2000.");
  }

  @Test
  void entriesThatAreLostOrOther_nameNoRow_andTheDifferenceIsNoticed() {
    List<LedgerRow> shorter = day.subList(0, 19);
    List<SealEntry> others = seal(sealer, FIRST, shorter, Optional.empty()).entries();
    assertThat(kinds(verify(shorter, seal, others))).containsExactly("UNNAMED");
    assertThat(kinds(verify(day, seal, others))).containsExactly("LIST");
    DayCheck without = verifier.check(seal, Optional.empty(), Optional.empty());
    shorter.forEach(without::found);
    assertThat(kinds(without.close())).containsExactly("UNNAMED");
    DayCheck honest = verifier.check(seal, Optional.empty(), Optional.empty());
    day.forEach(honest::found);
    assertThat(honest.close()).isEmpty();
  }

  @Test
  void valueMovedToTheNextColumn_isNamed() {
    LedgerRow one = LedgerRow.of("a", Map.of("x", "12", "y", "3"));
    LedgerRow other = LedgerRow.of("a", Map.of("x", "1", "y", "23"));
    assertThat(Digests.content(one)).isNotEqualTo(Digests.content(other));
    LedgerRow empty = LedgerRow.of("a", Map.of("x", "12", "y", "3", "z", ""));
    assertThat(Digests.content(one)).isNotEqualTo(Digests.content(empty));
  }

  @Test
  void dayWithItsSealByAnotherKey_isForged() {
    List<LedgerRow> other = day(0, 19);
    SealedDay forged = seal(new Sealer(pair().getPrivate()), FIRST, other, Optional.empty());
    assertThat(kinds(verify(other, forged.seal(), forged.entries()))).containsExactly("FORGED");
    DaySeal garbage = new DaySeal(FIRST, seal.before(), 20, seal.digest(), "no hex");
    assertThat(verifier.isSigned(garbage)).isFalse();
    DaySeal shorter = new DaySeal(FIRST, seal.before(), 5, seal.digest(), seal.signature());
    assertThat(kinds(verify(day, shorter, sealed.entries()))).containsExactly("FORGED");
  }

  @Test
  void rowWithColumnsInAnotherOrder_hasTheSameDigest() {
    SortedMap<String, String> turned = new TreeMap<>(Comparator.reverseOrder());
    turned.putAll(Map.of("app", "gateway", "usage", "3"));
    assertThat(Digests.content(new LedgerRow("r03", turned)))
        .isEqualTo(Digests.content(row(3, "3")));
  }

  @Test
  void dayReplacedWithItsSeal_byTheKeyItself_isNamedByTheWitness() {
    SealedDay next = seal(sealer, FIRST.plusDays(1), day(1, 5), Optional.of(seal));
    Witness witness = Witness.parse(Witness.line(seal) + Witness.line(next.seal()));
    DaySeal replaced = seal(sealer, FIRST, day(0, 19), Optional.empty()).seal();
    List<SealFinding> findings =
        witness.compare(Map.of(FIRST, replaced.digest(), FIRST.plusDays(1), next.seal().digest()));
    Proof.of("ledger-verify")
        .with("replaced_days", 1)
        .with("named_by_witness", findings.size())
        .print();
    assertThat(findings).containsExactly(SealFinding.of(FIRST, Kind.REPLACED));
    assertThat(findings.get(0).sentence())
        .isEqualTo("2026-05-01: day replaced together with its seal.");
    DayCheck check =
        verifier.check(next.seal(), Optional.of(replaced), Optional.of(next.entries().iterator()));
    day(1, 5).forEach(check::found);
    assertThat(kinds(check.close())).containsExactly("UNCHAINED");
  }

  @Test
  void witness_keepsTheFirstLineAndNamesMissingDays() {
    DaySeal replaced = seal(sealer, FIRST, day(0, 19), Optional.empty()).seal();
    Witness witness = Witness.parse(Witness.line(seal) + Witness.line(replaced));
    assertThat(witness.compare(Map.of(FIRST, seal.digest()))).isEmpty();
    assertThat(kinds(witness.compare(Map.of()))).containsExactly("MISSING");
    assertThat(witness.between(FIRST.plusDays(1), FIRST.plusDays(9)).compare(Map.of())).isEmpty();
    assertThat(witness.last()).contains(FIRST);
    assertThat(witness.digest(FIRST)).contains(seal.digest());
    assertThatThrownBy(() -> Witness.parse("2026-05-01 abc\n"))
        .hasMessageStartingWith("line 1 must be a day, a digest and a signature");
    assertThatThrownBy(() -> Witness.parse("may a b\n")).hasMessageContaining("such as 2026-05-31");
  }

  @Test
  void rowsWithOneId_orInAnotherOrder_areRefused() {
    assertThatThrownBy(() -> sealOf(row(1, "1"), row(1, "2"))).hasMessageContaining("r01");
    assertThatThrownBy(() -> sealOf(row(2, "1"), row(1, "2"))).hasMessageContaining("r01 is late");
    assertThatThrownBy(() -> sealer.open(FIRST, Optional.of(seal)))
        .hasMessageContaining("must be after 2026-05-01");
    assertThatThrownBy(() -> LedgerRow.of("", Map.of())).hasMessageContaining("empty");
    assertThatThrownBy(() -> LedgerRow.of("a\nb", Map.of())).hasMessageContaining("one line");
    assertThatThrownBy(() -> SealEntry.parse("abc ")).hasMessageContaining("an identity");
  }

  @Test
  void order_isThatOfTheBytesOfUtf8() {
    assertThat(Utf8Order.compare("a", "b")).isNegative();
    assertThat(Utf8Order.compare("a", "ab")).isNegative();
    assertThat(Utf8Order.compare("\uFFFD", "\uD83D\uDE00")).isNegative();
    assertThat(Utf8Order.compare("\uD83D\uDE00", "\uE000")).isPositive();
    assertThat(Utf8Order.compare("x", "x")).isZero();
  }

  @Test
  @Tag("simulation")
  void honestDays_haveNoFinding() {
    int days = System.getProperty("size", "commit").equals("release") ? RELEASE : 300;
    Random random = new Random(5);
    int findings = 0;
    Optional<DaySeal> before = Optional.empty();
    StringBuilder file = new StringBuilder();
    Map<LocalDate, String> digests = new TreeMap<>();
    for (int i = 0; i < days; i++) {
      List<LedgerRow> one = day(i, random.nextInt(30));
      SealedDay made = seal(sealer, FIRST.plusDays(i), one, before);
      DayCheck check = verifier.check(made.seal(), before, Optional.of(made.entries().iterator()));
      one.forEach(check::found);
      findings += check.close().size();
      before = Optional.of(made.seal());
      digests.put(made.seal().day(), made.seal().digest());
      file.append(Witness.line(made.seal()));
    }
    findings += Witness.parse(file.toString()).compare(digests).size();
    Proof.sized("ledger-verify", days, RELEASE)
        .with("honest_days", days)
        .with("named", findings)
        .print();
    assertThat(findings).isZero();
  }

  /** 1 if the tampering has exactly this finding. */
  private int names(Consumer<List<LedgerRow>> tampering, String expected) {
    List<LedgerRow> rows = new ArrayList<>(day);
    tampering.accept(rows);
    List<String> texts =
        verify(rows, seal, sealed.entries()).stream()
            .map(finding -> finding.kind() + " " + finding.rows())
            .toList();
    assertThat(texts).containsExactly(expected);
    return 1;
  }

  private List<SealFinding> verify(List<LedgerRow> rows, DaySeal of, List<SealEntry> entries) {
    DayCheck check = verifier.check(of, Optional.empty(), Optional.of(entries.iterator()));
    rows.forEach(check::found);
    return check.close();
  }

  private static SealedDay seal(
      Sealer sealer, LocalDate date, List<LedgerRow> rows, Optional<DaySeal> before) {
    OpenSeal open = sealer.open(date, before);
    List<SealEntry> entries = rows.stream().map(open::add).toList();
    return new SealedDay(open.close(), entries);
  }

  private void sealOf(LedgerRow... rows) {
    seal(sealer, FIRST, List.of(rows), Optional.empty());
  }

  private static void swapContents(List<LedgerRow> rows) {
    LedgerRow one = rows.get(2);
    LedgerRow other = rows.get(11);
    rows.set(2, new LedgerRow(one.id(), other.fields()));
    rows.set(11, new LedgerRow(other.id(), one.fields()));
  }

  private static List<String> kinds(List<SealFinding> findings) {
    return findings.stream().map(finding -> finding.kind().name()).toList();
  }

  private static List<LedgerRow> day(int number, int rows) {
    List<LedgerRow> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(row((rows > 100 ? "r%04d" : "r%02d").formatted(i), i + "." + number));
    }
    return all;
  }

  private static LedgerRow row(int number, String usage) {
    return row("r%02d".formatted(number), usage);
  }

  private static LedgerRow row(String id, String usage) {
    return LedgerRow.of(id, Map.of("app", "gateway", "usage", usage));
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
