package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One move of money between accounts, which adds up to 0: what one account gains another one loses.
 * Immutable.
 *
 * @param number of the document that it is about; null for none
 * @param payment that it is about; null for none
 */
record Posting(
    PostingKind kind,
    String customer,
    @Nullable String number,
    @Nullable String payment,
    List<PostingLine> lines) {

  /** Refuses one that does not add up. */
  Posting {
    lines = List.copyOf(lines);
    if (lines.size() < 2) {
      throw new IllegalArgumentException("a posting has two lines or more");
    }
    Money sum = lines.stream().map(PostingLine::amount).reduce(Money::plus).orElseThrow();
    if (sum.signum() != 0) {
      throw new IllegalArgumentException("the lines of a posting add up to " + sum + ", not to 0");
    }
  }

  /** Why money moved. */
  enum PostingKind {
    INVOICE,
    CREDIT_NOTE,
    PAYMENT,
    REFUND,
    /** A payment that the bank or the payer took back. */
    RETURN,
    /** The bank of the payer took it back, through the provider. */
    CHARGEBACK,
    /** A refund that did not reach the payer. */
    REFUND_FAILED,
    /** What a provider keeps of a payment. */
    FEE,
    /** Prepaid credit that the customer bought. */
    TOP_UP,
    WRITE_OFF;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What one account gains, or loses below 0.
   *
   * @param number the invoice that is owed; null for other accounts
   */
  record PostingLine(MoneyAccount account, @Nullable String number, Money amount) {}

  /** Collects the lines of a posting; amounts of 0 are left out. */
  static final class Lines {
    private final List<PostingLine> lines = new ArrayList<>();

    Lines add(MoneyAccount account, Money amount) {
      return add(account, null, amount);
    }

    Lines add(MoneyAccount account, @Nullable String number, Money amount) {
      if (amount.signum() != 0) {
        lines.add(new PostingLine(account, number, amount));
      }
      return this;
    }

    List<PostingLine> all() {
      return lines;
    }

    boolean isEmpty() {
      return lines.isEmpty();
    }
  }
}
