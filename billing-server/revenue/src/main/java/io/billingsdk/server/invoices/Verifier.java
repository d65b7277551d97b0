package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Bills.Again;
import io.billingsdk.server.invoices.InvoiceRows.StoredLine;
import io.billingsdk.server.invoices.PaperJson.Name;
import io.billingsdk.server.invoices.Verification.Result;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes a document again from the ledger and its pinned inputs alone, and compares: the bytes, the
 * hash, its row with the sums, and the rows of its lines.
 */
final class Verifier {
  private static final int MOST_DIFFERENCES = 20;

  private final Bills bills;

  Verifier(Database database, TaxCalculator taxes) {
    this.bills = new Bills(database, taxes);
  }

  Verification verify(Handle handle, Issued issued) {
    Optional<String> inputs = InvoiceRows.inputs(handle, issued.subscription(), issued.span());
    if (inputs.isEmpty()) {
      return new Verification(
          issued.number(), Result.DIFFERENT, List.of("nothing is pinned for this time"));
    }
    List<String> differences = new ArrayList<>();
    Pinned pinned = PinJson.read(inputs.get());
    try {
      compare(handle, issued, pinned, name(issued, inputs.get()), differences);
    } catch (RequestRefusedException | RatingInputException | IllegalStateException fault) {
      differences.add("it cannot be made again: " + fault.getMessage());
    }
    Result result =
        differences.isEmpty()
            ? Result.IDENTICAL
            : pinned.ratingVersion().equals(BillMaker.VERSION)
                ? Result.DIFFERENT
                : Result.OTHER_VERSION;
    return new Verification(
        issued.number(), result, differences.stream().limit(MOST_DIFFERENCES).toList());
  }

  /** As it was pinned, so that a number that somebody changed everywhere else is found. */
  private static Name name(Issued issued, String inputs) {
    return PinJson.names(inputs).stream()
        .filter(each -> each.kind().equals(issued.kind()) && each.revision() == issued.revision())
        .map(each -> new Name(each.kind(), each.number(), each.date()))
        .findFirst()
        .orElse(new Name(issued.kind(), issued.number(), issued.date()));
  }

  private void compare(
      Handle handle, Issued issued, Pinned pinned, Name name, List<String> differences) {
    Optional<Correction> correction = CorrectionRows.find(handle, issued.number());
    if (correction.isPresent()) {
      Subscription corrected = bills.subscription(handle, issued.subscription());
      compare(handle, issued, pinned, name, corrected, correction.get().paper(), differences);
      return;
    }
    Again again = bills.again(handle, pinned);
    @Nullable Paper paper = paper(again.bill(), issued);
    if (paper == null) {
      differences.add("the ledger brings no " + issued.kind() + " for this time");
      return;
    }
    compare(handle, issued, pinned, name, again.subscription(), paper, differences);
  }

  private void compare(
      Handle handle,
      Issued issued,
      Pinned pinned,
      Name name,
      Subscription subscription,
      Paper paper,
      List<String> differences) {
    String made = PaperJson.write(name, subscription, pinned, paper).toString();
    document(differences, issued.document(), made);
    same(differences, "sha256", issued.sha256(), CanonicalJson.sha256(made));
    same(differences, "number of the row", issued.number(), name.number());
    same(differences, "date of the row", issued.date(), name.issued());
    row(differences, issued, subscription, pinned, paper);
    plans(differences, handle, subscription, paper);
    sums(differences, issued, paper.sums());
    lines(differences, InvoiceRows.lines(handle, issued.number()), paper);
  }

  private static @Nullable Paper paper(Bill bill, Issued issued) {
    List<Paper> papers = issued.kind().equals("invoice") ? bill.invoices() : bill.creditNotes();
    return issued.revision() <= papers.size() ? papers.get(issued.revision() - 1) : null;
  }

  private static void document(List<String> differences, String stored, String made) {
    if (stored.equals(made)) {
      return;
    }
    Optional<JsonNode> parsed = CanonicalJson.parsed(stored);
    if (parsed.isEmpty()) {
      differences.add("the stored document is no JSON");
      return;
    }
    int before = differences.size();
    // Both of texts: a number that was never written may have another type, and the same value.
    tree(differences, "", parsed.get(), CanonicalJson.stored(made));
    if (differences.size() == before) {
      differences.add("the bytes of the document differ");
    }
  }

  private static void row(
      List<String> differences,
      Issued issued,
      Subscription subscription,
      Pinned pinned,
      Paper paper) {
    String seller = PaperJson.seller(pinned, paper).path("sellerId").asText();
    same(differences, "seller of the row", issued.seller(), seller);
    same(differences, "customer of the row", issued.customer(), subscription.customer());
    same(differences, "currency of the row", issued.currency(), subscription.currency());
    String corrected = paper.original() == null ? null : paper.original().number();
    same(differences, "corrects of the row", issued.corrects(), corrected);
    same(differences, "from of the row", issued.from(), pinned.span().from());
    same(differences, "to of the row", issued.to(), pinned.span().to());
    same(differences, "cut of the row", issued.cut(), pinned.cut());
  }

  /** A version says what it said when it was published, also where the lines do not show it. */
  private void plans(
      List<String> differences, Handle handle, Subscription subscription, Paper paper) {
    subscription.segments().stream()
        .map(Segment::plan)
        .filter(plan -> paper.lines().stream().anyMatch(line -> isOf(line, plan)))
        .distinct()
        .forEach(
            plan ->
                same(
                    differences,
                    "digest of the plan " + plan.plan() + " version " + plan.version(),
                    plan.digest(),
                    bills.planDigest(handle, plan).orElse(null)));
  }

  private static boolean isOf(Bill.Line line, PlanVersion plan) {
    return line.plan().equals(plan.plan()) && line.version() == plan.version();
  }

  private static void sums(List<String> differences, Issued issued, Bill.BillSums sums) {
    amount(differences, "net of the row", issued.net(), sums.net().amount());
    amount(differences, "discount of the row", issued.discount(), sums.discount().amount());
    amount(differences, "taxable of the row", issued.taxable(), sums.taxable().amount());
    amount(differences, "tax of the row", issued.tax(), sums.tax().amount());
    amount(differences, "total of the row", issued.total(), sums.total().amount());
    amount(differences, "prepaid of the row", issued.prepaid(), sums.prepaid().amount());
    amount(differences, "due of the row", issued.due(), sums.due().amount());
  }

  private static void lines(List<String> differences, List<StoredLine> stored, Paper paper) {
    same(differences, "rows of lines", stored.size(), paper.lines().size());
    for (int i = 0; i < Math.min(stored.size(), paper.lines().size()); i++) {
      Bill.Line line = paper.lines().get(i);
      String place = "row of line " + (i + 1) + ", ";
      line(differences, place, stored.get(i), line);
    }
  }

  private static void line(
      List<String> differences, String place, StoredLine stored, Bill.Line line) {
    same(differences, place + "key", stored.key(), line.key().text());
    same(differences, place + "kind", stored.kind(), line.kind().text());
    amount(differences, place + "net", stored.net(), line.net().amount());
    amount(differences, place + "discount", stored.discount(), line.discount().amount());
    same(differences, place + "tax", stored.category(), line.tax().category());
    amount(differences, place + "percent", stored.percent(), line.tax().percent());
    same(
        differences,
        place + "grounds of the tax",
        stored.grounds(),
        TaxJson.column(line.grounds()));
    same(
        differences,
        place + "components of the tax",
        stored.components(),
        TaxRateJson.column(line.tax()));
    Reference refers = line.refers();
    same(differences, place + "refers", stored.refersTo(), refers == null ? null : refers.number());
    same(differences, place + "refers", stored.refersLine(), refers == null ? 0 : refers.line());
  }

  /** Where two trees differ, down to the values. */
  private static void tree(List<String> differences, String place, JsonNode stored, JsonNode made) {
    if (stored.equals(made)) {
      return;
    }
    if (stored.isObject() && made.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      stored.properties().forEach(each -> names.add(each.getKey()));
      made.properties().forEach(each -> names.add(each.getKey()));
      names.forEach(
          each -> tree(differences, place + "." + each, stored.path(each), made.path(each)));
    } else if (stored.isArray() && made.isArray()) {
      for (int i = 0; i < Math.max(stored.size(), made.size()); i++) {
        tree(differences, place + "[" + (i + 1) + "]", stored.path(i), made.path(i));
      }
    } else {
      same(
          differences,
          place.isEmpty() ? "document" : place.substring(1),
          stored.isMissingNode() ? null : stored,
          made.isMissingNode() ? null : made);
    }
  }

  private static void amount(
      List<String> differences, String what, BigDecimal stored, BigDecimal made) {
    if (stored.compareTo(made) != 0) {
      differences.add(what + " is " + stored + ", but comes to " + made);
    }
  }

  private static void same(
      List<String> differences, String what, @Nullable Object stored, @Nullable Object made) {
    if (!Objects.equals(stored, made)) {
      differences.add(what + " is " + shown(stored) + ", but comes to " + shown(made));
    }
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "absent" : value.toString();
  }
}
