package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.payments.BankStatement.StatementFormat;
import io.billingsdk.server.payments.Statements.Imported;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements of banks become payments, each line once. */
@Tag("postgres")
class StatementsTest {
  private static final String HEADER = "date,amount,currency,payer,text,id\n";

  @TempDir Path directory;

  private PaymentWorld world;

  @BeforeEach
  void start() {
    world = new PaymentWorld(directory);
    world.customer("c", "UTC");
    world.customer("d", "UTC");
    world.invoice("c", "seller-000001", "100", "0");
    world.invoice("d", "seller-000002", "50", "0");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private Imported csv(String... lines) {
    return taken(StatementFormat.CSV, HEADER + String.join("\n", lines) + "\n");
  }

  /** As a request and the job do it. */
  private Imported taken(StatementFormat format, String content) {
    Imported done = world.statements().importFile(PaymentWorld.IBAN, format, content);
    new StatementJob(world.database).run();
    return done;
  }

  /** How many lines are matched, unmatched and ignored. */
  private void are(int matched, int unmatched, int ignored) {
    assertThat(world.statements().lines("matched", 0, 100)).hasSize(matched);
    assertThat(world.statements().lines("unmatched", 0, 100)).hasSize(unmatched);
    assertThat(world.statements().lines("ignored", 0, 100)).hasSize(ignored);
    assertThat(world.statements().lines("waiting", 0, 100)).isEmpty();
  }

  private String reference(String number) {
    return world.owed(number).reference();
  }

  @Test
  void lines_withAReferenceOrANumber_payTheirInvoices_andOthersAreListedWithTheReason() {
    String broken = reference("seller-000001").replaceAll("(.{4})", "$1 ").strip();
    Imported done =
        csv(
            "2026-12-02,60,USD,C,\"for " + broken + ", thanks\",b1",
            "2026-12-03,50.00,USD,D,invoice SELLER-000002,b2",
            "2026-12-03,7,USD,X,who am I,b3",
            "2026-12-03,7,EUR,X,seller-000001,b4",
            "2026-12-03,7,USD,X,seller-000001 and seller-000002,b5",
            "2026-12-04,-3,USD,Bank,fees,b6");
    assertThat(done).isEqualTo(new Imported(6, 0));
    are(2, 3, 1);
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("40"));
    assertThat(world.owed("seller-000002").open().signum()).isZero();
    assertThat(world.statements().lines("unmatched", 0, 10))
        .extracting(BankLine::reason)
        .containsExactly(
            "it names no reference and no number of an invoice",
            "its currency is not USD, of the account",
            "it names invoices of several customers");
  }

  @Test
  void theSameFile_andTheSameLineInAnotherFile_haveEffectOnce() {
    String line = "2026-12-02,60,USD,C,seller-000001,b1";
    assertThat(csv(line)).isEqualTo(new Imported(1, 0));
    assertThat(csv(line)).isEqualTo(new Imported(0, 1));
    assertThat(csv(line, "2026-12-03,40,USD,C,seller-000001,b2")).isEqualTo(new Imported(1, 1));
    assertThat(world.owed("seller-000001").open().signum()).isZero();
    assertThat(world.payments().page("c", Long.MAX_VALUE, 10)).hasSize(2);
  }

  @Test
  void twoEqualLines_withoutAnIdOfTheBank_areTwoPayments_andAgainNone() {
    String two = "2026-12-02,10,USD,C,seller-000001,\n2026-12-02,10,USD,C,seller-000001,";
    assertThat(csv(two)).isEqualTo(new Imported(2, 0));
    assertThat(csv(two, "2026-12-09,1,USD,X,nothing,")).isEqualTo(new Imported(1, 2));
    are(2, 1, 0);
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("80"));
  }

  @Test
  void line_thatFails_holdsUpNoOther_andIsLookedAtAgain() throws Exception {
    world
        .http
        .world()
        .execute(
            """
            CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
            CREATE TRIGGER planted BEFORE INSERT ON payment FOR EACH ROW WHEN (NEW.amount = 60)
              EXECUTE FUNCTION planted();
            """);
    String[] lines = {
      "2026-12-02,60,USD,C,seller-000001,b1", "2026-12-03,50,USD,D,seller-000002,b2"
    };
    assertThat(csv(lines)).isEqualTo(new Imported(2, 0));
    assertThat(world.owed("seller-000002").open().signum()).isZero();
    assertThat(world.statements().lines("waiting", 0, 10)).hasSize(1);
    world.http.world().execute("DROP FUNCTION planted CASCADE");
    new StatementJob(world.database).run();
    are(2, 0, 0);
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("40"));
  }

  @Test
  void camt053_isRead_creditsPay_andDebitsAndPendingOnesDoNot() {
    String file =
        """
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
          <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
          <Ntry><Amt Ccy="USD">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
            <BookgDt><Dt>2026-12-02</Dt></BookgDt><AcctSvcrRef>A1</AcctSvcrRef>
            <NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>C &amp; Co</Nm></Pty></Dbtr></RltdPties>
              <RmtInf><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>
          </Ntry>
          <Ntry><Amt Ccy="USD">5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
            <BookgDt><Dt>2026-12-02</Dt></BookgDt><AcctSvcrRef>A2</AcctSvcrRef></Ntry>
          <Ntry><Amt Ccy="USD">50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>
            <BookgDt><Dt>2026-12-02</Dt></BookgDt><AcctSvcrRef>A3</AcctSvcrRef></Ntry>
          <Ntry><Amt Ccy="USD">100</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>
            <Sts>BOOK</Sts><BookgDt><Dt>2026-12-03</Dt></BookgDt><AcctSvcrRef>A4</AcctSvcrRef>
            <AddtlNtryInf>seller-000001</AddtlNtryInf></Ntry>
          <Ntry><Amt Ccy="USD">50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
            <BookgDt><Dt>2026-12-03</Dt></BookgDt><AcctSvcrRef>A5</AcctSvcrRef>
            <NtryDtls><TxDtls><RmtInf><Ustrd>seller-000002</Ustrd></RmtInf></TxDtls>
              <TxDtls><RmtInf><Ustrd>other</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
        </Stmt></BkToCstmrStmt></Document>
        """
            .formatted(reference("seller-000001"));
    assertThat(taken(StatementFormat.CAMT053, file)).isEqualTo(new Imported(4, 0));
    are(2, 1, 1);
    assertThat(world.statements().lines("unmatched", 0, 10))
        .extracting(BankLine::reason)
        .satisfiesExactly(each -> assertThat(each).contains("several transfers"));
    // Paid, and taken back by the bank on the next day.
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("100"));
    List<BankLine> matched = world.statements().lines("matched", 0, 10);
    assertThat(matched.get(0).transfer().payer()).isEqualTo("C & Co");
    assertThat(matched.get(1).payment()).isEqualTo(matched.get(0).payment());
  }

  @Test
  void returns_openTheInvoiceAgain_once_andOthersWaitForAPerson() {
    String header = HEADER.strip() + ",kind\n";
    String file =
        header
            + "2026-12-02,100,USD,C,seller-000001,b1,\n"
            + "2026-12-04,-100,USD,C,returned seller-000001,b2,return\n"
            + "2026-12-04,-50,USD,D,returned seller-000002,b3,return\n"
            + "2026-12-05,-100,USD,C,again seller-000001,b4,return\n";
    assertThat(taken(StatementFormat.CSV, file)).isEqualTo(new Imported(4, 0));
    assertThat(taken(StatementFormat.CSV, file)).isEqualTo(new Imported(0, 4));
    are(2, 2, 0);
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("100"));
    assertThat(world.payments().page("c", Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(each -> assertThat(each.left().signum()).isZero());
  }

  @Test
  void importOfManyLines_thatIsCutOff_goesOn_andLocksOneCustomerAtATime() {
    var unused =
        world
            .statements()
            .importFile(
                PaymentWorld.IBAN,
                StatementFormat.CSV,
                HEADER
                    + "2026-12-02,10,USD,C,seller-000001,b1\n"
                    + "2026-12-02,20,USD,D,seller-000002,b2\n");
    // The first line was looked at when the server was killed.
    world.statements().look(world.statements().lines("waiting", 0, 1).get(0).id());
    world.database.useTransaction(
        handle -> {
          // While somebody has this customer, lines of others go on.
          PostingRows.lock(handle, "c");
          new StatementJob(world.database).run();
        });
    are(2, 0, 0);
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("90"));
    assertThat(world.owed("seller-000002").open()).isEqualTo(PaymentWorld.usd("30"));
  }

  @Test
  void account_ofTheSettingsOfItsSeller_isKnown_andOneOfNobodyIsRefused() {
    var unused =
        new io.billingsdk.server.customers.BillingSettingsBook(world.database, PaymentWorld.TESTER)
            .changeSeller(
                "seller",
                old ->
                    new io.billingsdk.server.customers.SellerSettings(
                        new io.billingsdk.server.customers.SellerSettings.BankAccount(
                            "Seller", "FR1420041010050500013M02606", null),
                        null,
                        null));
    String line = HEADER + "2026-12-02,10,USD,C,seller-000001,b1\n";
    assertThat(
            world
                .statements()
                .importFile("FR14 2004 1010 0505 0001 3M02 606", StatementFormat.CSV, line))
        .isEqualTo(new Imported(1, 0));
    assertThatThrownBy(
            () ->
                world.statements().importFile("GB29NWBK60161331926819", StatementFormat.CSV, line))
        .hasMessageContaining("no account");
  }

  @Test
  void assign_andIgnore_settleAnUnmatchedLine_once() {
    csv("2026-12-02,150,USD,C,hello,b1", "2026-12-02,1,USD,X,interest,b2");
    List<BankLine> lines = world.statements().lines("unmatched", 0, 10);
    BankLine paid = world.statements().assign(lines.get(0).id(), "c", List.of("seller-000001"));
    assertThat(paid.state()).isEqualTo("matched");
    assertThat(world.payments().balance("c").kept()).isEqualTo(PaymentWorld.usd("50"));
    assertThat(world.statements().ignore(lines.get(1).id(), "interest").state())
        .isEqualTo("ignored");
    assertThatThrownBy(() -> world.statements().assign(lines.get(1).id(), "c", List.of()))
        .hasMessageContaining("ignored already");
  }

  @Test
  void aFile_thatCannotBeRead_orIsOfAnotherAccount_changesNothing_andNamesThePlace() {
    assertThatThrownBy(() -> csv("2026-12-02,60,USD,C,seller-000001,b1", "2026-13-02,1,USD,,,"))
        .hasMessageContaining("line 3 (date)");
    assertThatThrownBy(() -> csv("2026-12-02,1e3,USD,C,x,b1")).hasMessageContaining("(amount)");
    assertThatThrownBy(() -> csv("2026-12-02,60.005,USD,C,seller-000001,b9"))
        .hasMessageContaining("60.005");
    assertThatThrownBy(
            () ->
                world
                    .statements()
                    .importFile(
                        PaymentWorld.IBAN,
                        StatementFormat.CAMT053,
                        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>"))
        .hasMessageContaining("camt.053");
    assertThatThrownBy(
            () ->
                world
                    .statements()
                    .importFile("GB29NWBK60161331926819", StatementFormat.CSV, HEADER))
        .hasMessageContaining("no account");
    assertThat(world.owed("seller-000001").open()).isEqualTo(PaymentWorld.usd("100"));
    assertThat(world.statements().lines(null, 0, 10)).isEmpty();
  }
}
