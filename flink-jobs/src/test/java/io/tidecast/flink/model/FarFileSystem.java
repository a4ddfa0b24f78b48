package io.tidecast.flink.model;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** A file system of another scheme, whose paths are those of this machine. */
public final class FarFileSystem implements FileSystemFactory {

  static final String SCHEME = "far";

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileSystem create(URI uri) {
    return LocalFileSystem.getSharedInstance();
  }
}
