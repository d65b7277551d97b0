package io.billingsdk.grpc;

import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Keeps what the last response said, in several quantities. */
final class LastResponseMeter<Q, R> implements CallMeter<Q, R> {
  private final ToDoubleFunction<? super R> usageOf;
  private final Function<? super R, ? extends Map<String, BigDecimal>> quantitiesOf;
  private double usage;
  private Map<String, BigDecimal> quantities = Map.of();

  LastResponseMeter(
      ToDoubleFunction<? super R> usageOf,
      Function<? super R, ? extends Map<String, BigDecimal>> quantitiesOf) {
    this.usageOf = usageOf;
    this.quantitiesOf = quantitiesOf;
  }

  @Override
  public void response(R response) {
    double said = usageOf.applyAsDouble(response);
    quantities = Map.copyOf(quantitiesOf.apply(response));
    usage = said;
  }

  @Override
  public double usage(double elapsedSeconds) {
    return usage;
  }

  @Override
  public Map<String, BigDecimal> quantities(double elapsedSeconds) {
    return quantities;
  }
}
