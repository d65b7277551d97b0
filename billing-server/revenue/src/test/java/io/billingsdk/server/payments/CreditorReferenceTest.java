package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Iban;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Check digits of IBANs and creditor references; references within the words of a payer. */
class CreditorReferenceTest {
  /** The case vid-03. */
  @Test
  void values_withRightCheckDigits_areValid_andOthersAreNot() {
    assertThat(Iban.isValid("DE89370400440532013000")).isTrue();
    assertThat(Iban.isValid("GB29 NWBK 6016 1331 9268 19")).isTrue();
    assertThat(Iban.isValid("FR1420041010050500013M02606")).isTrue();
    assertThat(CreditorReference.isValid("RF18539007547034")).isTrue();
    assertThat(Iban.isValid("GB29NWBK60161331926818")).isFalse();
    assertThat(CreditorReference.isValid("RF19539007547034")).isFalse();
  }

  @Test
  void iban_ofAWrongLengthForItsCountry_isRefusedByItsField() {
    assertThatThrownBy(() -> Iban.parse("iban", "NO9386011117948"))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("iban");
    assertThat(Iban.parse("iban", "no93 8601 1117 947").text()).isEqualTo("NO9386011117947");
  }

  @Test
  void ofNumber_makesAReferenceThatIsValid_andNoneOfALongNumber() {
    assertThat(CreditorReference.ofNumber("acme-000001"))
        .hasValueSatisfying(
            each -> {
              assertThat(each.text()).startsWith("RF").endsWith("ACME000001");
              assertThat(CreditorReference.isValid(each.text())).isTrue();
            });
    assertThat(CreditorReference.ofNumber("a-seller-with-a-long-name-000001")).isEmpty();
    assertThat(CreditorReference.isValid(CreditorReference.ofPosition(7).text())).isTrue();
  }

  @Test
  void in_findsReferencesInOnePieceAndInGroups_besideOtherWords() {
    assertThat(CreditorReference.in("invoice RF18539007547034 thanks"))
        .contains("RF18539007547034");
    assertThat(CreditorReference.in("rf18 5390 0754 7034")).contains("RF18539007547034");
    assertThat(CreditorReference.in("RF19539007547034 and XRF18539007547034"))
        .doesNotContain("RF18539007547034", "RF19539007547034");
    assertThat(CreditorReference.in("nothing")).isEqualTo(List.of());
  }
}
