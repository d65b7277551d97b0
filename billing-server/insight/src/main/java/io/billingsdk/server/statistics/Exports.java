package io.billingsdk.server.statistics;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PdfPrinter;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route.Places;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Answers with all that is kept of a person. */
final class Exports {
  /** Of one server, and of one address. */
  private static final int PLACES = 16;

  private static final int OF_ADDRESS = 4;

  private static final String FORMAT = "format";

  private final ProfileStore profiles;
  private final PaperFolder papers;
  private final InstantSource clock;

  Exports(ProfileStore profiles, PaperFolder papers, InstantSource clock) {
    this.profiles = profiles;
    this.papers = papers;
    this.clock = clock;
  }

  /** How many run at once. */
  static Places places() {
    return new Places("the exports", PLACES, OF_ADDRESS, 0, 0);
  }

  /**
   * In the form that a request asks for.
   *
   * @param whose throws once the token is no longer good; asked again before each part
   */
  ApiResponse of(Request request, Function<Handle, Person> whose) {
    String format = request.parameter(FORMAT).orElse("csv");
    boolean hasBom = request.flag("bom").orElse(false);
    return switch (format) {
      case "csv" -> streamed(request, whose, seen -> new UseExport.OfCsv(summary(seen), hasBom));
      case "json" -> streamed(request, whose, seen -> new UseExport.OfJson(summary(seen)));
      case "pdf" -> pdf(request, whose);
      default -> throw Request.invalid(FORMAT, "one of csv, json, pdf");
    };
  }

  private UsageSnapshot snapshot(Request request, Function<Handle, Person> whose) {
    return request
        .database()
        .read(handle -> UsageSnapshot.of(handle, whose.apply(handle), profiles, clock.instant()));
  }

  private ApiResponse streamed(
      Request request, Function<Handle, Person> whose, Function<UsageSnapshot, UseExport> form) {
    UsageSnapshot snapshot = snapshot(request, whose);
    UseExport export = form.apply(snapshot);
    ExportParts parts =
        parts(request.database(), export, snapshot.people(), snapshot.profile(), whose);
    return new ApiResponse.Streamed(
        export.contentType(), exchange -> new ExportStream(parts, exchange), () -> {});
  }

  private static UseExport.Summary summary(UsageSnapshot snapshot) {
    return new UseExport.Summary(
        snapshot.profile(), snapshot.figures(), snapshot.tally(), snapshot.costs());
  }

  /** The figures and what they cost; a paper of a million events is for nobody. */
  private ApiResponse pdf(Request request, Function<Handle, Person> whose) {
    UsageSnapshot snapshot = snapshot(request, whose);
    try (PdfPrinter printer = papers.printer()) {
      byte[] paper = UsagePaper.print(printer, UsageTexts.of(request), snapshot);
      return new ApiResponse.Whole(200, "application/pdf", paper, Map.of());
    } catch (DocumentException refused) {
      throw RequestRefusedException.conflict(FORMAT, String.valueOf(refused.getMessage()));
    }
  }

  private static ExportParts parts(
      Database database,
      UseExport export,
      List<UUID> people,
      UsageProfile profile,
      Function<Handle, Person> whose) {
    return new ExportParts(
        export,
        people,
        (person, after) ->
            database.read(
                handle -> {
                  Person unused = whose.apply(handle);
                  return FactRows.page(handle, person, profile.name(), after, ExportParts.PAGE);
                }));
  }
}
