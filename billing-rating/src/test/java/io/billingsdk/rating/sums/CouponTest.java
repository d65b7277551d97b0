package io.billingsdk.rating.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.Coupon;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.RatingInputException;
import org.junit.jupiter.api.Test;

final class CouponTest {
  private static final Discount TENTH = Discount.percent("10");

  @Test
  void next_ofACouponForSomeInvoices_endsWithThem() {
    assertThat(Coupon.once("c", TENTH).next(0)).contains(TENTH);
    assertThat(Coupon.once("c", TENTH).next(1)).isEmpty();
    assertThat(new Coupon("c", TENTH, 3).next(2)).contains(TENTH);
    assertThat(new Coupon("c", TENTH, 3).next(3)).isEmpty();
  }

  @Test
  void next_ofACouponForEver_hasNoEnd() {
    Coupon coupon = new Coupon("c", TENTH, Coupon.FOR_EVER);
    assertThat(coupon.next(Long.MAX_VALUE)).contains(TENTH);
  }

  @Test
  void coupon_ofNoInvoices_isRefused() {
    assertThatThrownBy(() -> new Coupon("c", TENTH, 0))
        .isInstanceOf(RatingInputException.class)
        .hasMessageContaining("invoices must be 1 to");
  }
}
