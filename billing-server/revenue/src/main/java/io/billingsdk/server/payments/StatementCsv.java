package io.billingsdk.server.payments;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads statements as CSV (RFC 4180) with the columns {@code date, amount, currency, payer, text}
 * and {@code id} where the bank gives one, in any order. The file names no account.
 */
final class StatementCsv {
  private static final List<String> NEEDED = List.of("date", "amount", "currency", "payer", "text");
  private static final String ID = "id";
  private static final String KIND = "kind";

  private final String content;
  private int at;
  private int line = 1;

  private StatementCsv(String content) {
    this.content = content;
  }

  /** Reads one of an account. */
  static BankStatement read(String iban, String content) {
    return new BankStatement(iban, new StatementCsv(content).transfers());
  }

  private List<BankTransfer> transfers() {
    List<String> header = row();
    for (String each : NEEDED) {
      if (!header.contains(each)) {
        throw BankStatement.wrong("first line", "a header with the column " + each);
      }
    }
    List<BankTransfer> transfers = new ArrayList<>();
    Map<String, Integer> same = new TreeMap<>();
    while (at < content.length()) {
      int began = line;
      List<String> row = row();
      if (row.size() == 1 && row.get(0).isBlank()) {
        continue;
      }
      if (row.size() != header.size()) {
        throw BankStatement.wrong("line " + began, "as long as the header: " + header.size());
      }
      if (transfers.size() >= BankStatement.MOST_TRANSFERS) {
        throw BankStatement.wrong("number of lines", "at most " + BankStatement.MOST_TRANSFERS);
      }
      Map<String, String> fields = new TreeMap<>();
      for (int i = 0; i < row.size(); i++) {
        fields.put(header.get(i), row.get(i).strip());
      }
      int before = same.merge(String.join("\n", row), 1, Integer::sum) - 1;
      transfers.add(transfer(fields, began, before));
    }
    return transfers;
  }

  private static BankTransfer transfer(Map<String, String> fields, int line, int before) {
    String amount = fields.getOrDefault("amount", "");
    if (!amount.matches("-?[0-9]{1,15}([.][0-9]{1,5})?")) {
      throw BankStatement.wrong("line " + line + " (amount)", "a number, as -12.50");
    }
    LocalDate day = day(fields.getOrDefault("date", ""), line);
    String payer = BankStatement.shortened(fields.getOrDefault("payer", ""));
    String text = BankStatement.shortened(fields.getOrDefault("text", ""));
    String id = fields.getOrDefault(ID, "");
    return new BankTransfer(
        id.isEmpty()
            ? CamtReader.made(day, amount, payer, text, before)
            : BankStatement.shortened(id),
        day,
        fields.getOrDefault("currency", ""),
        new BigDecimal(amount),
        payer,
        text,
        null,
        amount.startsWith("-") && fields.getOrDefault(KIND, "").equals("return"));
  }

  private static LocalDate day(String text, int line) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException malformed) {
      throw BankStatement.wrong("line " + line + " (date)", "a day, as 2026-12-01");
    }
  }

  /** The fields of the next line; a quoted one may go over several. */
  private List<String> row() {
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean isQuoted = false;
    for (; at < content.length(); at++) {
      char c = content.charAt(at);
      if (c == '\n') {
        line++;
      }
      if (isQuoted) {
        if (c != '"') {
          field.append(c);
        } else if (at + 1 < content.length() && content.charAt(at + 1) == '"') {
          field.append(c);
          at++;
        } else {
          isQuoted = false;
        }
      } else if (c == '"' && field.isEmpty()) {
        isQuoted = true;
      } else if (c == ',') {
        row.add(field.toString());
        field.setLength(0);
      } else if (c == '\n') {
        at++;
        break;
      } else if (c != '\r') {
        field.append(c);
      }
    }
    if (isQuoted) {
      throw BankStatement.wrong("line " + line, "a line whose quotes are closed");
    }
    row.add(field.toString());
    return row;
  }
}
