package io.billingsdk.documents.pdf;

import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.documents.NoticeDocument;
import io.billingsdk.documents.NoticeReader;

/** Documents to print. */
final class SamplePapers {
  private SamplePapers() {}

  /** An invoice with two taxes, a discount and prepaid balance. */
  static InvoiceDocument invoice(String customer, String lineName) {
    return InvoiceReader.read(
        """
        {"format":"billing-invoice/1","kind":"invoice","number":"acme-000042",
         "issueDate":"2026-12-01","dueDate":"2026-12-15","currency":"EUR",
         "seller":{"sellerId":"acme","name":"Acme GmbH & Söhne",
          "address":{"lines":["Hauptstraße 1","Hof 2"],"city":"Berlin","postalCode":"10115",
           "region":null,"country":"DE"},
          "taxIds":[{"type":"eu_vat","value":"DE123456789"}]},
         "customer":{"customerId":"c-1","name":"%s","zone":"Asia/Shanghai","locale":"zh-CN",
          "taxPlace":{"country":"DE","region":null},"taxIds":[]},
         "lines":[
          {"name":"%s","charge":"calls","from":"2026-10-31T16:00:00Z","to":"2026-11-30T16:00:00Z",
           "detail":{"quantity":"1234567","events":12,"steps":[
            {"quantity":"1234567","unitPrice":"0.001"}]},
           "net":"1234.57","discount":"34.57","tax":{"category":"S","percent":"19"}},
          {"name":"Tiers","charge":"tiers","from":"2026-10-31T16:00:00Z",
           "to":"2026-11-30T16:00:00Z","detail":{"quantity":"2500.5","events":3,"steps":[]},
           "net":"100.00","discount":"0.00","tax":{"category":"S","percent":"7"}}],
         "allowances":[{"name":"LAUNCH-10"}],
         "taxes":[{"category":"S","percent":"19","base":"1200.00","tax":"228.00"},
          {"category":"S","percent":"7","base":"100.00","tax":"7.00"}],
         "totals":{"net":"1334.57","discount":"34.57","taxable":"1300.00","tax":"235.00",
          "total":"1535.00","prepaid":"535.00","due":"1000.00"}}
        """
            .formatted(customer, lineName));
  }

  /** A credit note outside the scope of taxes. */
  static InvoiceDocument creditNote() {
    return InvoiceReader.read(
        """
        {"kind":"credit_note","number":"acme-000043","issueDate":"2026-12-02","currency":"USD",
         "seller":{"sellerId":"acme","name":"Acme Inc","address":{"lines":["1 Main St"],
          "city":"Dover","postalCode":"19901","region":"DE","country":"US"},"taxIds":[]},
         "customer":{"customerId":"c-2","name":"Example Ltd","zone":"Europe/London",
          "taxPlace":{"country":"GB"},"taxIds":[]},
         "corrects":{"number":"acme-000042","issueDate":"2026-12-01"},
         "lines":[{"name":"Calls","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z",
          "net":"12.30","discount":"0.00","tax":{"category":"O","percent":"0"}}],
         "taxes":[{"category":"O","percent":"0","base":"12.30","tax":"0.00"}],
         "totals":{"net":"12.30","taxable":"12.30","tax":"0.00","total":"12.30","due":"12.30"}}
        """);
  }

  /** An invoice of British Columbia, with GST and PST. */
  static InvoiceDocument canadian() {
    return InvoiceReader.read(
        """
        {"kind":"invoice","number":"maple-000001","issueDate":"2026-12-02","currency":"CAD",
         "seller":{"sellerId":"maple","name":"Maple Inc","address":{"lines":["1 Main St"],
          "city":"Vancouver","postalCode":"V5K 0A1","region":"BC","country":"CA"},"taxIds":[]},
         "customer":{"customerId":"c-3","name":"Example Ltd","zone":"America/Vancouver",
          "taxPlace":{"country":"CA","region":"BC"},"taxIds":[]},
         "lines":[{"name":"Calls","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z",
          "net":"1033.33","discount":"0.00","tax":{"category":"S","percent":"12",
           "components":[{"name":"GST","percent":"5"},{"name":"PST","percent":"7"}]}}],
         "taxes":[{"category":"S","percent":"12","components":[
          {"name":"GST","percent":"5","tax":"51.67"},{"name":"PST","percent":"7","tax":"72.33"}],
          "base":"1033.33","tax":"124.00"}],
         "totals":{"net":"1033.33","taxable":"1033.33","tax":"124.00","total":"1157.33",
          "due":"1157.33"}}
        """);
  }

  /** A reminder two weeks after the invoice was due. */
  static NoticeDocument reminder(String customer) {
    return notice(
        """
        "kind":"reminder","number":"acme-000042","on":"2026-12-29","issueDate":"2026-12-01",
        "dueDate":"2026-12-15","open":"1000.00","reference":"RF18539007547034",
        """,
        customer);
  }

  /** A receipt for an invoice and some money more. */
  static NoticeDocument receipt(String customer) {
    return notice(
        """
        "kind":"receipt","number":"pay_1","on":"2026-12-30","method":"bank","amount":"1200.00",
        "settled":[{"number":"acme-000042","amount":"1000.00"}],"kept":"200.00",
        """,
        customer);
  }

  private static NoticeDocument notice(String facts, String customer) {
    return NoticeReader.read(
        """
        {"format":"billing-notice/1",%s"currency":"EUR",
         "seller":{"sellerId":"acme","name":"Acme GmbH & Söhne",
          "address":{"lines":["Hauptstraße 1"],"city":"Berlin","postalCode":"10115",
           "country":"DE"},"taxIds":[]},
         "customer":{"customerId":"c-1","name":"%s","locale":"zh-CN",
          "taxPlace":{"country":"DE"},"taxIds":[]}}
        """
            .formatted(facts, customer));
  }
}
