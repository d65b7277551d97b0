package io.billingsdk.server.payments;

import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads statements of the form ISO 20022 camt.053, of each version: elements are known by their
 * names. Entries that are not booked yet are left out. No entity and no file outside is read.
 */
final class CamtReader {
  private final XMLStreamReader xml;
  private final Deque<String> path = new ArrayDeque<>();
  private final List<BankTransfer> transfers = new ArrayList<>();
  private String iban = "";
  private Entry entry = new Entry();

  private CamtReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  /** What an entry has said so far. */
  private static final class Entry {
    String amount = "";
    String currency = "";
    boolean isDebit;
    boolean isReversal;
    int transfers;
    boolean isBooked = true;
    String day = "";
    String bankRef = "";
    String payer = "";
    final StringBuilder remittance = new StringBuilder();
  }

  static BankStatement read(String content) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      CamtReader reader = new CamtReader(factory.createXMLStreamReader(new StringReader(content)));
      reader.readAll();
      if (reader.iban.isEmpty()) {
        throw BankStatement.wrong("account (Stmt/Acct/Id/IBAN)", "an IBAN");
      }
      return new BankStatement(reader.iban, reader.transfers);
    } catch (XMLStreamException malformed) {
      throw BankStatement.wrong(
          "line " + malformed.getLocation().getLineNumber(), "well-formed XML of camt.053");
    }
  }

  private void readAll() throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          begin();
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          end(text.toString().strip());
          text.setLength(0);
        }
        default -> {
          // Comments and the like say nothing.
        }
      }
    }
  }

  private void begin() {
    path.addLast(xml.getLocalName());
    if (is("Stmt/Ntry")) {
      entry = new Entry();
    } else if (is("Stmt/Ntry/NtryDtls/TxDtls")) {
      entry.transfers++;
    } else if (is("Stmt/Ntry/Amt")) {
      String currency = xml.getAttributeValue(null, "Ccy");
      entry.currency = currency == null ? "" : currency;
    }
  }

  private void end(String text) {
    if (is("Stmt/Acct/Id/IBAN")) {
      account(text);
    } else if (is("Stmt/Ntry")) {
      add();
    } else if (isIn("Ntry") && !text.isEmpty()) {
      field(text);
    }
    path.removeLast();
  }

  private void account(String text) {
    if (!iban.isEmpty() && !iban.equals(text)) {
      throw BankStatement.wrong("account", "one; send a file for each account");
    }
    iban = text;
  }

  private void field(String text) {
    switch (String.join("/", path).replaceFirst(".*Stmt/Ntry/", "")) {
      case "Amt" -> entry.amount = text;
      case "CdtDbtInd" -> entry.isDebit = text.equals("DBIT");
      case "RvslInd" -> entry.isReversal = text.equals("true") || text.equals("1");
      case "NtryDtls/TxDtls/RtrInf/Rsn/Cd" -> entry.isReversal = true;
      case "Sts", "Sts/Cd" -> entry.isBooked = text.equals("BOOK");
      case "BookgDt/Dt" -> entry.day = text;
      case "BookgDt/DtTm" -> entry.day = text.substring(0, Math.min(10, text.length()));
      case "AcctSvcrRef" -> entry.bankRef = text;
      case "NtryDtls/TxDtls/Refs/AcctSvcrRef" ->
          entry.bankRef = entry.bankRef.isEmpty() ? text : entry.bankRef;
      case "NtryDtls/TxDtls/RltdPties/Dbtr/Nm", "NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm" ->
          entry.payer = text;
      case "NtryDtls/TxDtls/RmtInf/Ustrd",
          "NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref",
          "NtryDtls/TxDtls/Refs/EndToEndId",
          "AddtlNtryInf" ->
          entry.remittance.append(' ').append(text);
      default -> {
        // The bank says more than is needed.
      }
    }
  }

  private void add() {
    if (!entry.isBooked) {
      return;
    }
    String where = "entry " + (transfers.size() + 1);
    if (transfers.size() >= BankStatement.MOST_TRANSFERS) {
      throw BankStatement.wrong("number of entries", "at most " + BankStatement.MOST_TRANSFERS);
    }
    BigDecimal amount = amount(where);
    String remittance = BankStatement.shortened(entry.remittance.toString());
    LocalDate day = day(where);
    String bankRef =
        entry.bankRef.isEmpty()
            ? made(day, entry.amount, entry.payer, remittance, same(day, amount, remittance))
            : BankStatement.shortened(entry.bankRef);
    transfers.add(
        new BankTransfer(
            bankRef,
            day,
            entry.currency,
            entry.isDebit ? amount.negate() : amount,
            BankStatement.shortened(entry.payer),
            remittance,
            doubt(),
            entry.isReversal && entry.isDebit));
  }

  /** Why nobody but a person can say whose the entry is; null for a plain one. */
  private @Nullable String doubt() {
    if (entry.isReversal && !entry.isDebit) {
      return "it takes money back that went out";
    }
    return entry.transfers > 1 ? "it has several transfers in one entry" : null;
  }

  private BigDecimal amount(String where) {
    if (!entry.amount.matches("[0-9]{1,15}([.][0-9]{1,5})?")) {
      throw BankStatement.wrong(where + " (Amt)", "a number with at most 5 decimals");
    }
    return new BigDecimal(entry.amount);
  }

  private LocalDate day(String where) {
    try {
      return LocalDate.parse(entry.day);
    } catch (DateTimeException malformed) {
      throw BankStatement.wrong(where + " (BookgDt)", "a day, as 2026-12-01");
    }
  }

  private long same(LocalDate day, BigDecimal amount, String remittance) {
    return transfers.stream()
        .filter(
            each ->
                each.bookedOn().equals(day)
                    && each.amount().abs().compareTo(amount) == 0
                    && each.remittance().equals(remittance))
        .count();
  }

  /** A reference for a line to which the bank gives none: the same of the same line again. */
  static String made(LocalDate day, String amount, String payer, String remittance, long before) {
    try {
      String all = String.join("\n", day.toString(), amount, payer, remittance, before + "");
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is in each JDK", missing);
    }
  }

  /** Whether the path ends so, from the statement on. */
  private boolean is(String wanted) {
    return String.join("/", path).endsWith(wanted);
  }

  private boolean isIn(String element) {
    return path.contains(element);
  }
}
