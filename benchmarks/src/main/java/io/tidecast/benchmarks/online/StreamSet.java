package io.tidecast.benchmarks.online;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A column of a file that comes as a stream: a row is a cell.
 *
 * @param file name of the CSV file
 * @param column name of the column
 * @param day cells of a day
 */
record StreamSet(String file, String column, int day) {
  private static final int DAYS_OF_A_WEEK = 7;

  /** Every set that is known; whoever measures has some of the files. */
  static final List<StreamSet> ALL =
      List.of(
          new StreamSet("uk-electricity-demand-2000.csv", "demand_mw", 48),
          new StreamSet("ETTh1.csv", "HUFL", 24),
          new StreamSet("ETTh1.csv", "HULL", 24),
          new StreamSet("ETTh1.csv", "MUFL", 24),
          new StreamSet("ETTh1.csv", "MULL", 24),
          new StreamSet("ETTh1.csv", "LUFL", 24),
          new StreamSet("ETTh1.csv", "LULL", 24),
          new StreamSet("ETTh1.csv", "OT", 24),
          new StreamSet("EPF-NP.csv", "OT", 24),
          new StreamSet("EPF-BE.csv", "OT", 24),
          new StreamSet("elecdemand.csv", "Demand", 48),
          new StreamSet("bike_sharing_hour.csv", "cnt", 24),
          new StreamSet("beijing_pm25_pollution.csv", "pm2.5", 24),
          new StreamSet("elb_request_count_8c0756.csv", "value", 288),
          new StreamSet("Twitter_volume_AAPL.csv", "value", 288),
          new StreamSet("Twitter_volume_GOOG.csv", "value", 288),
          new StreamSet("calls.csv", "x", 169),
          new StreamSet("weather.csv", "temp", 24),
          new StreamSet("ec2_cpu_utilization_5f5533.csv", "value", 288),
          new StreamSet("rds_cpu_utilization_cc0c53.csv", "value", 288),
          new StreamSet("ec2_network_in_257a54.csv", "value", 288),
          new StreamSet("grok_asg_anomaly.csv", "value", 288));

  /** Sets by which nothing was chosen. */
  static final List<StreamSet> OTHERS =
      Stream.concat(
              Stream.of(
                      "ec2_cpu_utilization_24ae8d",
                      "ec2_cpu_utilization_53ea38",
                      "ec2_cpu_utilization_77c1ca",
                      "ec2_cpu_utilization_825cc2",
                      "ec2_cpu_utilization_ac20cd",
                      "ec2_cpu_utilization_c6585a",
                      "ec2_cpu_utilization_fe7f93",
                      "ec2_disk_write_bytes_1ef3de",
                      "ec2_disk_write_bytes_c0d644",
                      "ec2_network_in_5abac7",
                      "occupancy_6005",
                      "occupancy_t4013",
                      "rds_cpu_utilization_e47b3b",
                      "speed_6005",
                      "speed_t4013",
                      "TravelTime_387")
                  .map(stem -> new StreamSet(stem + ".csv", "value", 288)),
              Stream.of(new StreamSet("EPF-PJM.csv", "OT", 24)))
          .toList();

  /** The cells of a week. */
  int week() {
    return DAYS_OF_A_WEEK * day;
  }

  String title() {
    String stem = file.replaceFirst("\\.csv$", "");
    return column.equals("value") || column.equals("x") ? stem : stem + " " + column;
  }

  /** Finds the file at any depth of a folder. */
  static Optional<Path> find(Path folder, String file) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.getFileName().toString().equals(file)).sorted().findFirst();
    }
  }

  /**
   * Reads the newest rows.
   *
   * @return a value a row; NaN where the file has no number
   */
  double[] read(Path path, int rows) throws IOException {
    List<Double> values = new ArrayList<>();
    try (Stream<String> lines = Files.lines(path)) {
      int at = -1;
      for (String line : (Iterable<String>) lines::iterator) {
        String[] fields = line.replace("\"", "").split(",", -1);
        if (at < 0) {
          at = Arrays.asList(fields).indexOf(column);
          if (at < 0) {
            throw new IOException("must have the column " + column + ": file=" + path);
          }
        } else {
          values.add(number(fields[at]));
        }
      }
    }
    return values.stream().skip(Math.max(0, values.size() - rows)).mapToDouble(v -> v).toArray();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
