package io.tidecast.benchmarks.process;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * Stands between jobs and their broker on loopback and hands on whatever either says; but can hold
 * the commits of transactions back, or delay them. A job asks for one when the checkpoint before it
 * is complete, so that this is where to kill a job between the two.
 *
 * <p>Any thread may call it.
 */
public final class Gate implements AutoCloseable {

  private final InetSocketAddress broker;
  private final ServerSocket entrance;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Present while commits are held back; counted down by the first. */
  private final AtomicReference<@Nullable CountDownLatch> firstHeld = new AtomicReference<>();

  private final LongAdder delayed = new LongAdder();
  private volatile Duration delay = Duration.ZERO;

  private Gate(InetSocketAddress broker, ServerSocket entrance) {
    this.broker = broker;
    this.entrance = entrance;
  }

  public static Gate before(InetSocketAddress broker) throws IOException {
    Gate gate = new Gate(broker, new ServerSocket(0, 50, broker.getAddress()));
    gate.run("gate", gate::accept);
    return gate;
  }

  public int port() {
    return entrance.getLocalPort();
  }

  /**
   * Lets no commit through from now on, and waits for the first that is asked for. It is held for
   * as long as its connection lives: whoever asked must be killed.
   *
   * @return false if none was asked for in time
   */
  public boolean holdCommits(Duration patience) throws InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    firstHeld.set(first);
    return first.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets those through that are asked for from now on. */
  public void letCommits() {
    firstHeld.set(null);
  }

  /** Hands each commit on only so long after it was asked for, from now on. */
  public void delayCommits(Duration delay) {
    this.delay = delay;
  }

  /** How many commits were handed on late. */
  public long delayed() {
    return delayed.sum();
  }

  private void accept() throws IOException {
    while (!entrance.isClosed()) {
      Socket job = entrance.accept();
      Socket kafka = new Socket();
      sockets.add(job);
      sockets.add(kafka);
      try {
        kafka.connect(broker);
      } catch (IOException e) {
        close(job, kafka);
        continue;
      }
      run("gate of requests", () -> requests(job, kafka));
      run("gate of responses", () -> responses(job, kafka));
    }
  }

  private void requests(Socket job, Socket kafka) throws IOException {
    try (job;
        kafka;
        DataInputStream in = new DataInputStream(new BufferedInputStream(job.getInputStream()))) {
      OutputStream out = kafka.getOutputStream();
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        CountDownLatch held = firstHeld.get();
        if (held != null && isCommit(frame)) {
          held.countDown();
          awaitEnd(in);
          return;
        }
        if (!delay.isZero() && isCommit(frame)) {
          delayed.increment();
          Thread.sleep(delay.toMillis());
        }
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(frame.length).array());
        out.write(frame);
      }
    } catch (EOFException e) {
      // The job has hung up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(job);
      sockets.remove(kafka);
    }
  }

  private static boolean isCommit(byte[] frame) {
    if (ByteBuffer.wrap(frame).getShort() != ApiKeys.END_TXN.id) {
      return false;
    }
    ByteBuffer request = ByteBuffer.wrap(frame);
    RequestHeader header = RequestHeader.parse(request);
    EndTxnRequest end =
        (EndTxnRequest)
            AbstractRequest.parseRequest(
                    header.apiKey(), header.apiVersion(), new ByteBufferAccessor(request))
                .request;
    return end.data().committed();
  }

  private static void awaitEnd(InputStream in) throws IOException {
    while (in.read() >= 0) {
      // What comes after a commit that was held back is not let through either.
    }
  }

  private static void responses(Socket job, Socket kafka) throws IOException {
    try (job;
        kafka) {
      kafka.getInputStream().transferTo(job.getOutputStream());
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private void run(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // One of the two has ended, and the other connection is closed with it.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void close(Socket... closing) {
    for (Socket socket : closing) {
      sockets.remove(socket);
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    close(sockets.toArray(Socket[]::new));
  }
}
