package io.billingsdk.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.testbed.Proof;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
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
  private final LedgerDay day = day(0, 20);
  private final DaySeal seal = sealer.seal(day, Optional.empty());

  @Test
  void honestDay_hasNoFinding() {
    assertThat(verifier.verify(day, seal, Optional.empty())).isEmpty();
    assertThat(sealer.seal(day, Optional.empty())).isEqualTo(seal);
  }

  @Test
  void rows_changedDeletedInsertedSwapped_areNamed() {
    int named = 0;
    named += names(rows -> rows.set(3, row(3, "9.99")), "CHANGED r3");
    named += names(rows -> rows.remove(7), "DELETED r7");
    named += names(rows -> rows.add(5, row(99, "1")), "INSERTED r99");
    named += names(SealTest::swapContents, "SWAPPED r2 r11");
    Proof.of("ledger-verify").with("tampered", 4).with("named", named).print();
    assertThat(named).isEqualTo(4);
  }

  @Test
  void rowsInAnotherOrder_areNamed() {
    assertThat(names(rows -> Collections.swap(rows, 2, 11), "SWAPPED r2 r11")).isEqualTo(1);
  }

  @Test
  void rowTwice_isNamedAsInserted() {
    assertThat(names(rows -> rows.add(rows.get(4)), "INSERTED r4")).isEqualTo(1);
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
    LedgerDay other = day(0, 19);
    DaySeal forged = new Sealer(pair().getPrivate()).seal(other, Optional.empty());
    assertThat(kinds(verifier.verify(other, forged, Optional.empty()))).containsExactly("FORGED");
    DaySeal garbage =
        new DaySeal(seal.day(), seal.before(), seal.entries(), seal.digest(), "no hex");
    assertThat(verifier.isGenuine(garbage)).isFalse();
    DaySeal shorter =
        new DaySeal(
            seal.day(),
            seal.before(),
            seal.entries().subList(0, 5),
            seal.digest(),
            seal.signature());
    assertThat(verifier.isGenuine(shorter)).isFalse();
  }

  /** Somebody who can write seals must not be able to stop the verifier. */
  @Test
  void sealWithAnEntryTwice_isForgedAndNoError() {
    List<SealEntry> entries = new ArrayList<>(seal.entries());
    entries.add(entries.get(0));
    DaySeal forged =
        new DaySeal(seal.day(), seal.before(), entries, seal.digest(), seal.signature());
    assertThat(kinds(verifier.verify(day, forged, Optional.empty()))).containsExactly("FORGED");
  }

  @Test
  void rowWithColumnsInAnotherOrder_hasTheSameDigest() {
    SortedMap<String, String> turned = new TreeMap<>(Comparator.reverseOrder());
    turned.putAll(Map.of("app", "gateway", "usage", "3"));
    assertThat(Digests.content(new LedgerRow("r3", turned)))
        .isEqualTo(Digests.content(row(3, "3")));
  }

  @Test
  void dayReplacedWithItsSeal_byTheKeyItself_isNamedByTheWitness() {
    DaySeal next = sealer.seal(day(1, 5), Optional.of(seal));
    Witness witness = Witness.parse(Witness.line(seal) + Witness.line(next));
    DaySeal replaced = sealer.seal(day(0, 19), Optional.empty());
    List<SealFinding> findings = witness.compare(List.of(replaced, next));
    Proof.of("ledger-verify")
        .with("replaced_days", 1)
        .with("named_by_witness", findings.size())
        .print();
    assertThat(findings).containsExactly(new SealFinding(FIRST, SealFinding.Kind.REPLACED, ""));
    assertThat(findings.get(0).sentence())
        .isEqualTo("2026-05-01: day replaced together with its seal.");
    assertThat(kinds(verifier.verify(day(1, 5), next, Optional.of(replaced))))
        .containsExactly("UNCHAINED");
  }

  @Test
  void witness_keepsTheFirstLineAndNamesMissingDays() {
    DaySeal replaced = sealer.seal(day(0, 19), Optional.empty());
    Witness witness = Witness.parse(Witness.line(seal) + Witness.line(replaced));
    assertThat(witness.compare(List.of(seal))).isEmpty();
    assertThat(kinds(witness.compare(List.of()))).containsExactly("MISSING");
    assertThatThrownBy(() -> Witness.parse("2026-05-01 abc\n"))
        .hasMessageStartingWith("line 1 must be a day, a digest and a signature");
    assertThatThrownBy(() -> Witness.parse("may a b\n")).hasMessageContaining("such as 2026-05-31");
  }

  @Test
  void rowsWithOneId_areRefused() {
    LedgerDay twice = new LedgerDay(FIRST, List.of(row(1, "1"), row(1, "2")));
    assertThatThrownBy(() -> sealer.seal(twice, Optional.empty())).hasMessageContaining("r1");
    assertThatThrownBy(() -> sealer.seal(day, Optional.of(seal)))
        .hasMessageContaining("must be after 2026-05-01");
    assertThatThrownBy(() -> LedgerRow.of("", Map.of())).hasMessageContaining("empty");
  }

  @Test
  @Tag("simulation")
  void honestDays_haveNoFinding() {
    int days = System.getProperty("size", "commit").equals("release") ? RELEASE : 300;
    Random random = new Random(5);
    int findings = 0;
    Optional<DaySeal> before = Optional.empty();
    StringBuilder file = new StringBuilder();
    List<DaySeal> seals = new ArrayList<>();
    for (int i = 0; i < days; i++) {
      LedgerDay one = day(i, random.nextInt(30));
      DaySeal sealed = sealer.seal(one, before);
      findings += verifier.verify(one, sealed, before).size();
      before = Optional.of(sealed);
      seals.add(sealed);
      file.append(Witness.line(sealed));
    }
    findings += Witness.parse(file.toString()).compare(seals).size();
    Proof.sized("ledger-verify", days, RELEASE)
        .with("honest_days", days)
        .with("named", findings)
        .print();
    assertThat(findings).isZero();
  }

  /** 1 if the tampering has exactly this finding. */
  private int names(Consumer<List<LedgerRow>> tampering, String expected) {
    List<LedgerRow> rows = new ArrayList<>(day.rows());
    tampering.accept(rows);
    List<SealFinding> findings =
        verifier.verify(new LedgerDay(FIRST, rows), seal, Optional.empty());
    List<String> texts =
        findings.stream().map(finding -> finding.kind() + " " + finding.rows()).toList();
    assertThat(texts).containsExactly(expected);
    return 1;
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

  private static LedgerDay day(int number, int rows) {
    List<LedgerRow> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(row(i, i + "." + number));
    }
    return new LedgerDay(FIRST.plusDays(number), all);
  }

  private static LedgerRow row(int number, String usage) {
    return LedgerRow.of("r" + number, Map.of("app", "gateway", "usage", usage));
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
