package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route.Places;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Answers with all that is kept of a person. */
final class Exports {
  /** Of one server, and of one address. */
  private static final int PLACES = 16;

  private static final int OF_ADDRESS = 4;

  private final ProfileStore profiles;
  private final InstantSource clock;

  Exports(ProfileStore profiles, InstantSource clock) {
    this.profiles = profiles;
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
  ApiResponse of(Request request, UsageProfile.Audience audience, Function<Handle, Person> whose) {
    String format = request.parameter("format").orElse("csv");
    if (!format.equals("csv") && !format.equals("json")) {
      throw Request.invalid("format", "one of csv, json");
    }
    boolean hasBom = request.flag("bom").orElse(false);
    Database database = request.database();
    return database.read(
        handle -> {
          Person person = whose.apply(handle);
          UsageProfile profile = profiles.current(handle).of(audience);
          List<UUID> people = PersonRows.union(handle, person);
          UseExport.Summary summary = summary(handle, person, people, profile);
          UseExport export =
              format.equals("json")
                  ? new UseExport.OfJson(summary)
                  : new UseExport.OfCsv(summary, hasBom);
          ExportParts parts = parts(database, export, people, profile, whose);
          return new ApiResponse.Streamed(
              export.contentType(), exchange -> new ExportStream(parts, exchange), () -> {});
        });
  }

  private UseExport.Summary summary(
      Handle handle, Person person, List<UUID> people, UsageProfile profile) {
    Tally tally = TallyRows.total(handle, people, profile.name());
    FigureWriter writer = FigureWriter.of(tally, person, clock.instant());
    return new UseExport.Summary(
        profile, writer.write(profile.figures()), tally, writer.costs(profile));
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
