package io.tidecast.cli.testing;

import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Observation;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What goes wrong with observations, and the reason that the job must give for it. */
public enum CorruptRecords {
  RANDOM_BYTES(ErrorCode.MALFORMED) {
    @Override
    public byte[] make(Instant time, Random random) {
      byte[] bytes = new byte[1 + random.nextInt(200)];
      random.nextBytes(bytes);
      return bytes;
    }
  },
  TRUNCATED(ErrorCode.MALFORMED) {
    @Override
    public byte[] make(Instant time, Random random) {
      byte[] whole = good(time);
      return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
    }
  },
  TRAILING_BYTES(ErrorCode.MALFORMED) {
    @Override
    public byte[] make(Instant time, Random random) {
      byte[] whole = good(time);
      return Arrays.copyOf(whole, whole.length + 1 + random.nextInt(9));
    }
  },
  WRONG_FINGERPRINT(ErrorCode.UNKNOWN_SCHEMA) {
    @Override
    public byte[] make(Instant time, Random random) {
      byte[] bytes = good(time);
      bytes[2 + random.nextInt(8)] ^= (byte) (1 + random.nextInt(255));
      return bytes;
    }
  },
  NOT_A_NUMBER(ErrorCode.NON_FINITE_VALUE) {
    @Override
    public byte[] make(Instant time, Random random) {
      return encode(DemandSeries.NAME, time, Double.NaN);
    }
  },
  INFINITY(ErrorCode.NON_FINITE_VALUE) {
    @Override
    public byte[] make(Instant time, Random random) {
      return encode(
          DemandSeries.NAME,
          time,
          random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }
  },
  YEAR_9999(ErrorCode.TIME_OUT_OF_RANGE) {
    @Override
    public byte[] make(Instant time, Random random) {
      return encode(DemandSeries.NAME, Instant.parse("9999-12-31T23:30:00Z"), 30_000.0);
    }
  },
  TWO_CHANNELS(ErrorCode.WRONG_CHANNEL_COUNT) {
    @Override
    public byte[] make(Instant time, Random random) {
      return encode(DemandSeries.NAME, time, 30_000.0, 30_000.0);
    }
  },
  EMPTY(ErrorCode.MALFORMED) {
    @Override
    public byte[] make(Instant time, Random random) {
      return new byte[0];
    }
  },
  FIVE_MEGABYTES(ErrorCode.MALFORMED) {
    @Override
    public byte[] make(Instant time, Random random) {
      byte[] bytes = new byte[5 * 1024 * 1024];
      random.nextBytes(bytes);
      return bytes;
    }
  },
  FIVE_MEGABYTE_NAME(ErrorCode.INVALID_SERIES) {
    @Override
    public byte[] make(Instant time, Random random) {
      return encode("x".repeat(5 * 1024 * 1024), time, 30_000.0);
    }
  };

  private static final AvroCodec<Observation> CODEC = AvroCodec.observations();

  private final ErrorCode reason;

  CorruptRecords(ErrorCode reason) {
    this.reason = reason;
  }

  /**
   * Value of such a record.
   *
   * @param time that a good observation would have next
   */
  public abstract byte[] make(Instant time, Random random);

  public ErrorCode reason() {
    return reason;
  }

  private static byte[] good(Instant time) {
    return encode(DemandSeries.NAME, time, 30_000.0);
  }

  private static byte[] encode(String series, Instant time, Double... values) {
    return CODEC.encode(new Observation(series, time, List.of(values)));
  }
}
