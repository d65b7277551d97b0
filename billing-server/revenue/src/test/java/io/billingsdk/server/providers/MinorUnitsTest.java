package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinorUnitsTest {
  @ParameterizedTest
  @CsvSource({
    "USD, 10.00, 1000",
    "JPY, 500, 500",
    "KWD, 5.120, 5120",
    "ISK, 5, 500",
    "UGX, 7, 700",
    "HUF, 10.50, 1050",
    "TWD, 3.00, 300"
  })
  void units_ofAnAmount_areThoseOfStripe_andLeadBack(String currency, String amount, String units) {
    Money money = Money.of(currency, amount);
    assertThat(MinorUnits.problem(ProviderName.STRIPE, money)).isEmpty();
    assertThat(MinorUnits.units(money)).isEqualTo(new BigInteger(units));
    assertThat(MinorUnits.ofUnits(currency, new BigInteger(units))).isEqualTo(money);
  }

  @ParameterizedTest
  @CsvSource({"HUF, 100.00, 100", "TWD, 3.00, 3", "JPY, 500, 500", "EUR, 1.10, 1.10"})
  void text_ofAnAmount_isThatOfPayPal_andLeadsBack(String currency, String amount, String text) {
    Money money = Money.of(currency, amount);
    assertThat(MinorUnits.problem(ProviderName.PAYPAL, money)).isEmpty();
    assertThat(MinorUnits.text(money)).isEqualTo(text);
    assertThat(MinorUnits.ofText(currency, text)).isEqualTo(money);
  }

  @ParameterizedTest
  @CsvSource({
    "STRIPE, KWD, 5.124, 2 decimals",
    "STRIPE, USD, 1000000.00, at most 99999999",
    "PAYPAL, HUF, 10.50, 0 decimals",
    "PAYPAL, KWD, 5.120, takes no KWD"
  })
  void amount_thatCannotBeCharged_isRefused_andNamed(
      ProviderName provider, String currency, String amount, String named) {
    Money money = Money.of(currency, amount);
    assertThatThrownBy(() -> MinorUnits.require(provider, "amount", money))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining(named);
  }

  @Test
  void declines_ofCodes_haveTheirClass_andOneThatIsNotKnownIsTemporary() {
    assertThat(DeclineClass.ofCode("insufficient_funds")).isEqualTo(DeclineClass.FUNDS);
    assertThat(DeclineClass.ofCode("stolen_card")).isEqualTo(DeclineClass.HARD);
    assertThat(DeclineClass.ofCode("expired_card")).isEqualTo(DeclineClass.METHOD);
    assertThat(DeclineClass.ofCode("do_not_honor")).isEqualTo(DeclineClass.TEMPORARY);
    assertThat(DeclineClass.ofCode("new_code_of_tomorrow")).isEqualTo(DeclineClass.TEMPORARY);
  }
}
