package io.billingsdk.grpc;

import io.billingsdk.GenAiUsage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts together what the responses of a call say of the tokens of a generative model. */
final class GenAiMeter<Q, R> implements CallMeter<Q, R> {
  private final Function<? super R, GenAiUsage> usageOf;
  private @Nullable GenAiUsage usage;

  GenAiMeter(Function<? super R, GenAiUsage> usageOf) {
    this.usageOf = usageOf;
  }

  @Override
  public void response(R response) {
    GenAiUsage said = usageOf.apply(response);
    usage = usage == null ? said : usage.then(said);
  }

  @Override
  public double usage(double elapsedSeconds) {
    return usage == null ? 0 : usage.totalTokens();
  }

  @Override
  public Map<String, BigDecimal> quantities(double elapsedSeconds) {
    return usage == null ? Map.of() : usage.quantities();
  }
}
