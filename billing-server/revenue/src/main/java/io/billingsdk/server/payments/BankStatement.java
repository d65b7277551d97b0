package io.billingsdk.server.payments;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.List;

/**
 * What a file of a bank says about one account. Immutable.
 *
 * @param iban of the account
 */
record BankStatement(String iban, List<BankTransfer> transfers) {
  /** Of all files. */
  static final int MOST_TRANSFERS = 10_000;

  static final int TEXT_CHARS = 512;

  /** Copies the list. */
  BankStatement {
    transfers = List.copyOf(transfers);
  }

  /** The form of a file. */
  enum StatementFormat {
    CAMT053,
    CSV;

    static StatementFormat of(String text) {
      return switch (text) {
        case "camt053" -> CAMT053;
        case "csv" -> CSV;
        default -> throw RequestRefusedException.invalid("format", "camt053 or csv");
      };
    }

    String text() {
      return this == CSV ? "csv" : "camt053";
    }
  }

  static RequestRefusedException wrong(String where, String expected) {
    return RequestRefusedException.invalid(
        "content", "a statement whose " + where + " is " + expected);
  }

  static String shortened(String text) {
    String plain = text.strip().replaceAll("\\s+", " ");
    return plain.length() <= TEXT_CHARS ? plain : plain.substring(0, TEXT_CHARS);
  }
}
