package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Numbers that were found in public, right ones and wrong ones. */
class TaxNumberTest {
  private static final Set<String> COUNTRIES =
      Set.of(
          "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
          "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK");

  private record Sample(String kind, String number) {}

  private static List<Sample> samples() throws IOException {
    try (InputStream file = TaxNumberTest.class.getResourceAsStream("tax-ids.txt")) {
      String text =
          new String(
              Objects.requireNonNull(file, "tax-ids.txt").readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .map(cells -> new Sample(cells[0], cells[1]))
          .toList();
    }
  }

  private static boolean isValid(String number) {
    try {
      return !TaxNumber.parse("taxId", number).number().isEmpty();
    } catch (RequestRefusedException refused) {
      return false;
    }
  }

  @Test
  void parse_ofPublicNumbers_takesRightOnesAndRefusesWrongOnes() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> countries = new TreeSet<>();
    TreeMap<String, Integer> kinds = new TreeMap<>();
    for (Sample each : samples()) {
      kinds.merge(each.kind(), 1, Integer::sum);
      boolean isValid = isValid(each.number());
      if (isValid != each.kind().equals("valid")) {
        wrong.add(each.toString());
      } else if (isValid) {
        countries.add(TaxNumber.parse("taxId", each.number()).country());
      }
    }
    Proof proof = Proof.of("tax-ids").with("countries", countries.size());
    kinds.forEach(proof::with);
    proof.with("wrong", wrong.size()).print();
    assertThat(wrong).isEmpty();
    assertThat(countries).isEqualTo(new TreeSet<>(COUNTRIES));
  }

  /**
   * A typing error in one digit. Old schemes miss some; a checksum that is not asked misses all.
   */
  @Test
  void parse_withOneDigitChanged_findsNearlyAll() throws IOException {
    TreeMap<String, int[]> found = new TreeMap<>();
    for (Sample each : samples()) {
      if (each.kind().equals("valid")) {
        TaxNumber number = TaxNumber.parse("taxId", each.number());
        int[] counts = found.computeIfAbsent(number.prefix(), none -> new int[2]);
        for (String changed : changes(number)) {
          counts[0]++;
          counts[1] += isValid(changed) ? 0 : 1;
        }
      }
    }
    found.forEach(
        (prefix, counts) ->
            assertThat(counts[1] * 100 / counts[0]).as("per cent of " + prefix).isGreaterThan(80));
  }

  private static List<String> changes(TaxNumber number) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < number.number().length(); i++) {
      char old = number.number().charAt(i);
      if (Character.isDigit(old)) {
        char other = old == '9' ? '0' : (char) (old + 1);
        all.add(
            number.prefix()
                + number.number().substring(0, i)
                + other
                + number.number().substring(i + 1));
      }
    }
    return all;
  }

  @Test
  void parse_ofANumberWithAFault_saysWhichOne() {
    assertThatThrownBy(() -> TaxNumber.parse("taxId", "DE125014855"))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("taxId")
        .hasMessageContaining("check digits");
    assertThatThrownBy(() -> TaxNumber.parse("taxId", "DE12"))
        .hasMessageContaining("a tax id of DE: DE, 9 digits");
    assertThatThrownBy(() -> TaxNumber.parse("taxId", "ZZ12")).hasMessageContaining("begins with");
  }

  @Test
  void parse_ofNumbersAsPeopleWriteThem_givesOneForm() {
    assertThat(TaxNumber.parse("taxId", "GR 94259216").text()).isEqualTo("EL094259216");
    assertThat(TaxNumber.parse("taxId", "che-107.787.577 iva").text()).isEqualTo("CHE107787577IVA");
    assertThat(TaxNumber.parse("taxId", "XI 980 7806 84").country()).isEqualTo("GB");
    assertThat(TaxNumber.parse("taxId", "be 444.503.092").text()).isEqualTo("BE0444503092");
  }
}
